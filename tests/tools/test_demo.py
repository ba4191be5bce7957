"""The example history is long enough, always the same, and never replaces a real database."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from holdwell.backup import daily
from holdwell.domain.models import Moment, Session
from holdwell.encryption import rekey
from holdwell.stats import queries
from holdwell.store.repository import Store, opened
from tests.conftest import MakeSession, plain_file
from tools import demo

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=1)))


def test_thirty_weeks_of_pregnancy_and_twelve_after_birth(tmp_path: Path) -> None:
    store = Store(demo.make(tmp_path, NOW))
    began, pregnancy = queries.first_session_day(store), store.pregnancy()
    assert began is not None
    assert pregnancy is not None
    assert pregnancy.birth_date is not None
    assert (NOW.date() - pregnancy.birth_date).days == 12 * 7
    assert 29 * 7 < (pregnancy.birth_date - began).days <= 30 * 7
    assert queries.sessions(store, NOW.date() - timedelta(3), NOW.date())
    assert store.session_count() > 300
    assert store.meta("demo") == "1"
    store.close()


def test_no_session_lies_in_the_future(tmp_path: Path) -> None:
    store = Store(demo.make(tmp_path, NOW))
    assert store.sessions(limit=1)[0].started.utc < NOW
    store.close()


def test_the_example_is_the_same_each_time(tmp_path: Path) -> None:
    def ids() -> list[str]:
        store = Store(demo.make(tmp_path, NOW))
        found = [s.id for s in store.sessions(limit=1000)]
        store.close()
        return found

    assert ids() == ids()


def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["demo", str(folder)])
    demo.main()


def test_an_example_that_was_opened_is_replaced_a_day_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = plain_file(demo.make(tmp_path, NOW))
    assert daily.make_daily(file, NOW.date()), "as its first page does"
    run(tmp_path, monkeypatch)
    with opened(file) as store:
        assert (store.session_count() > 300, store.meta("demo")) == (True, "1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backups", "holdwell.db"]


@pytest.mark.parametrize("cut", ["set_meta", "save_all"])
def test_an_interruption_leaves_the_earlier_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    path = demo.make(tmp_path, NOW)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Store, cut, stop)
        demo.make(tmp_path, NOW)
    with opened(path) as store:
        assert store.session_count() > 300
    assert demo.make(tmp_path, NOW) == path


def lost(folder: Path, now: Moment, session: Session) -> str:
    """Remove a person's database, and keep its backup."""
    file = plain_file(folder / "holdwell.db")
    with opened(file) as store:
        store.save(session, now)
    assert daily.make_daily(file, NOW.date())
    file.path.unlink()
    return "missing or empty"


def locked(folder: Path, now: Moment, session: Session) -> str:
    rekey.change_passphrase(plain_file(demo.make(folder, NOW)), "four calm words here")
    return "locked"


def damaged(folder: Path, now: Moment, session: Session) -> str:
    demo.make(folder, NOW).write_bytes(b"no database at all" * 99)
    return "damaged"


def of_nobody(folder: Path, now: Moment, session: Session) -> str:
    folder.write_text("a file")
    return "File exists"


@pytest.mark.usefixtures("quick_keys")
@pytest.mark.parametrize("prepare", [lost, locked, damaged, of_nobody])
def test_a_database_that_cannot_be_replaced_stays_and_a_sentence_says_so(
    tmp_path: Path,
    now: Moment,
    make_session: MakeSession,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    prepare: Callable[[Path, Moment, Session], str],
) -> None:
    folder = tmp_path / "example"
    words = prepare(folder, now, make_session(NOW.date()))
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    with pytest.raises(SystemExit) as ended:
        run(folder, monkeypatch)
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert words in said and str(folder) in said
    assert len(said.splitlines()) == 1
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_a_real_database_is_never_replaced(
    tmp_path: Path, now: Moment, make_session: MakeSession
) -> None:
    store = Store(tmp_path / "holdwell.db")
    session = make_session(NOW.date())
    store.save(session, now)
    store.close()
    with pytest.raises(ValueError, match="real database"):
        demo.make(tmp_path, NOW)
    store = Store(tmp_path / "holdwell.db")
    assert store.session(session.id) == session
    store.close()


def test_help_is_printed_and_no_folder_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["demo", "--help"])
    with pytest.raises(SystemExit) as ended:
        demo.main()
    assert ended.value.code == 0
    assert "FOLDER" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
    run(Path("example"), monkeypatch)
    assert (tmp_path / "example" / "holdwell.db").exists()
