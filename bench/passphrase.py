"""A passphrase is set, changed and taken off while another process logs; some are killed meanwhile.

Run `bench/passphrase`, or `bench/passphrase --rounds 20` for fewer. In each round one process
gives a record with a backup another passphrase, or none; a second one logs sessions all the while,
each with a connection of its own, as runs of a page do, and says which were acknowledged. In every
second round the first is killed with SIGKILL at a random moment.

acknowledged: writes that returned. lost: of these, not in the record afterwards. told to wait:
writes that were refused because the file was being replaced, or the record not yet unlocked anew;
nothing of theirs may be in the record. unsound: records or backups that did not open with the old
or the new passphrase and pass SQLite's full check. plain: files in which a note can still be read
though a passphrase was set and the process was not killed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from bench.crash import table
from bench.ledger import life
from holdwell.backup import daily
from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.store import sqlcipher
from holdwell.store.database import DATABASE_NAME
from holdwell.store.repository import opened
from holdwell.store.sqlcipher import DatabaseFile, Keyring

ROUNDS = 300
SEED = 6
NOTE = "words of hers that no file may tell"
PASSPHRASES = ("", "four calm words here", "another four calm words")
LONGEST_S = 0.25

RESEAL = """
import sys
from pathlib import Path
from holdwell.encryption import rekey
from holdwell.store.errors import StoreError
from holdwell.store.sqlcipher import DatabaseFile, Keyring
file, old, new = DatabaseFile(Path(sys.argv[1]), Keyring()), sys.argv[2], sys.argv[3]
rekey.unlock(file, old)
print("ready", flush=True)
sys.stdin.readline()
try:
    rekey.change_passphrase(file, new or None)
except StoreError as error:
    print(error.problem.value, flush=True)
"""

LOG = """
import sys
from pathlib import Path
from bench.ledger import life
from bench.passphrase import NOTE, unlocked
from dataclasses import replace
from holdwell.store.errors import StoreError
from holdwell.store.repository import opened
from holdwell.store.sqlcipher import DatabaseFile, Keyring
file, seed, passphrases = DatabaseFile(Path(sys.argv[1]), Keyring()), int(sys.argv[2]), sys.argv[3:]
unlocked(file, passphrases)
print("ready", flush=True)
for number in range(10_000):
    session = replace(life(seed, 1, number)[-1].after, note=NOTE)
    try:
        with opened(file) as store:
            store.save_session(session, session.started)
    except StoreError as error:
        print("refused", session.id, error.problem.value, flush=True)
        unlocked(file, passphrases)
    else:
        print("saved", session.id, flush=True)
"""


def unlocked(file: DatabaseFile, passphrases: list[str]) -> bool:
    """Open a record with whichever passphrase is its own."""
    for passphrase in passphrases:
        try:
            rekey.unlock(file, passphrase)
        except WrongPassphraseError:
            continue
        return True
    return False


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def one_round(folder: Path, rng: Random, seed: int, *, kill: bool) -> Counter[str]:
    """One change of passphrase, and what was found after it."""
    path = folder / DATABASE_NAME
    file = DatabaseFile(path, Keyring())
    old, new = rng.sample(PASSPHRASES, 2)
    first = replace(life(seed, 0, 0)[-1].after, note=NOTE)
    with opened(path) as store:
        store.save_session(first, first.started)
    daily.make_daily(file, date(2026, 11, 25))
    if old:
        rekey.change_passphrase(file, old)
    tally: Counter[str] = Counter(rounds=1)
    sealer = start(RESEAL, str(path), old, new)
    logger = start(LOG, str(path), str(seed), old, new)
    assert sealer.stdin is not None
    sealer.stdin.write("\n")
    sealer.stdin.flush()
    try:
        sealer.wait(rng.uniform(0, LONGEST_S) if kill else 30)
    except subprocess.TimeoutExpired:
        sealer.kill()
        tally["killed"] += 1
    said, _ = sealer.communicate()
    tally["failed"] += sealer.returncode not in (0, -9)
    tally["told in use"] += said.strip() == "locked"
    logger.kill()
    lines = (logger.communicate()[0]).splitlines()
    saved = {line.split()[1] for line in lines if line.startswith("saved ")}
    refused = {line.split()[1] for line in lines if line.startswith("refused ")}
    tally["acknowledged"] += len(saved)
    tally["told to wait"] += len(refused)
    file = DatabaseFile(path, Keyring())
    if not unlocked(file, [old, new]):
        tally["unsound"] += 1
        return tally
    with opened(file) as store:
        there = {str(row["id"]) for row in store.rows("SELECT id FROM session")}
        sound = store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    tally["lost"] += len((saved | {first.id}) - there)
    tally["of refused"] += len(refused & there)
    tally["unsound"] += not sound
    for copy in rekey.copies(path):
        if sqlcipher.read_salt(copy) is not None:
            unlocked(file.at(copy), [old, new])
        with closing(file.at(copy).connect()) as conn:
            tally["unsound"] += conn.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
    if new and not kill and said == "":
        files = [one for one in folder.rglob("*") if one.is_file()]
        tally["plain"] += sum(NOTE.encode() in one.read_bytes() for one in files)
    return tally


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--seed", type=int, default=SEED)
    given = options.parse_args()
    rng = Random(given.seed)
    total: Counter[str] = Counter()
    for number in range(given.rounds):
        with tempfile.TemporaryDirectory(prefix="holdwell-bench-") as folder:
            seed = given.seed * 10_000 + number
            total += one_round(Path(folder), rng, seed, kill=number % 2 == 1)
    names: tuple[str, ...] = (
        "rounds",
        "killed",
        "told in use",
        "acknowledged",
        "lost",
        "told to wait",
        "failed",
    )
    names += ("of refused", "unsound", "plain")
    print(table([names, tuple(f"{total[name]:,}" for name in names)]))
    sys.exit(
        bool(
            total["lost"]
            or total["failed"]
            or total["of refused"]
            or total["unsound"]
            or total["plain"]
        )
    )


if __name__ == "__main__":
    main()
