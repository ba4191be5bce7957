"""Which browsers may read an encrypted database, and when it locks itself."""

from hypothesis import given
from hypothesis import strategies as st

from holdwell.encryption.unlocks import IDLE_S, Unlocks
from holdwell.store.keys import Key, Keyring

SALT, OTHER = b"s" * 16, b"o" * 16
BROWSERS = ("phone", "laptop", "tablet")


class SetClock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def keyed() -> tuple[Unlocks, Keyring, SetClock]:
    ring, clock = Keyring(), SetClock()
    for salt in (SALT, OTHER):
        ring.add(Key(b"k" * 32, salt))
    return Unlocks(ring, [clock]), ring, clock


def test_only_the_browser_that_gave_the_passphrase_is_let_in() -> None:
    unlocks, _, _ = keyed()
    phone = unlocks.unlock("", SALT)
    assert unlocks.is_unlocked(phone, SALT)
    assert not unlocks.is_unlocked("laptop", SALT)
    assert not unlocks.is_unlocked("", SALT)
    assert not unlocks.is_unlocked(phone, OTHER)


def test_each_unlock_makes_a_fresh_token_and_none_is_taken_from_a_browser() -> None:
    """A token that another port of this computer planted or saw before the unlock is worthless."""
    unlocks, _, _ = keyed()
    first = unlocks.unlock("planted", SALT)
    assert not unlocks.is_unlocked("planted", SALT)
    second = unlocks.unlock(first, OTHER)
    assert len({"planted", first, second}) == 3
    assert not unlocks.is_unlocked(first, OTHER)
    # Earlier unlocked databases stay unlocked, in the existing windows and in new ones.
    assert unlocks.is_unlocked(first, SALT)
    assert unlocks.is_unlocked(second, SALT)
    unlocks.lock(first, SALT)
    assert not unlocks.is_unlocked(second, SALT)
    assert unlocks.is_unlocked(second, OTHER)


def test_a_database_is_locked_when_idle_and_use_keeps_it_open() -> None:
    unlocks, ring, clock = keyed()
    phone = unlocks.unlock("", SALT)
    for moment in (IDLE_S - 1, 2 * IDLE_S - 2):
        clock.now = moment
        assert unlocks.is_unlocked(phone, SALT)
    assert ring.get(SALT) is not None
    clock.now = 3 * IDLE_S
    # It expires without a question by a browser.
    unlocks.expire()
    assert ring.get(SALT) is None
    assert not unlocks.is_unlocked(phone, SALT)


def test_asking_without_use_does_not_keep_a_database_unlocked() -> None:
    unlocks, _, clock = keyed()
    phone = unlocks.unlock("", SALT)
    clock.now = IDLE_S - 1
    assert unlocks.is_unlocked(phone, SALT, in_use=False)
    clock.now = IDLE_S
    assert not unlocks.is_unlocked(phone, SALT)


def test_the_key_is_dropped_with_the_last_browser() -> None:
    unlocks, ring, _ = keyed()
    phone = unlocks.unlock("", SALT)
    laptop = unlocks.unlock(unlocks.unlock("", SALT), OTHER)
    unlocks.lock(phone, SALT)
    assert not unlocks.is_unlocked(phone, SALT)
    assert ring.get(SALT) is not None
    unlocks.lock(laptop, SALT)
    assert ring.get(SALT) is None
    assert ring.get(OTHER) is not None and unlocks.is_unlocked(laptop, OTHER)


def test_a_clock_that_is_set_back_locks_nobody() -> None:
    unlocks, ring, clock = keyed()
    clock.now = 100
    phone = unlocks.unlock("", SALT)
    clock.now = 50
    assert unlocks.is_unlocked(phone, SALT)
    assert ring.get(SALT) is not None


Deed = tuple[str, str, bytes, int]
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("open", "ask", "shut")),
        st.sampled_from(BROWSERS),
        st.sampled_from((SALT, OTHER)),
        st.integers(0, IDLE_S),
    ),
    max_size=40,
)


@given(deeds=DEEDS)
def test_a_database_is_open_to_browsers_that_unlocked_and_used_it(deeds: list[Deed]) -> None:
    unlocks, ring, clock = keyed()
    used: dict[tuple[str, bytes], float] = {}
    token = dict.fromkeys(BROWSERS, "")
    for what, browser, salt, passed in deeds:
        clock.now += passed
        used = {one: when for one, when in used.items() if clock.now - when < IDLE_S}
        if what == "open":
            ring.add(Key(b"k" * 32, salt))
            earlier, token[browser] = token[browser], unlocks.unlock(token[browser], salt)
            assert token[browser] != earlier
            used[browser, salt] = clock.now
        elif what == "shut":
            unlocks.lock(token[browser], salt)
            used.pop((browser, salt), None)
        else:
            wanted = (browser, salt) in used
            assert unlocks.is_unlocked(token[browser], salt) == wanted
            if wanted:
                used[browser, salt] = clock.now
        for salt in {salt for _, salt in used}:
            assert ring.get(salt) is not None


def test_a_page_made_before_a_lock_has_an_earlier_number() -> None:
    unlocks, _, _ = keyed()
    phone = unlocks.unlock("", SALT)
    before = unlocks.generation
    assert unlocks.is_unlocked(phone, SALT)
    unlocks.lock(phone, SALT)
    after = unlocks.generation
    unlocks.unlock("", SALT)
    assert unlocks.generation == after, "what is unlocked afterwards is no older"
    server, count = before.split(".")
    assert after == f"{server}.{int(count) + 1}"
    assert not keyed()[0].generation.startswith(f"{server}."), "another server has another name"
