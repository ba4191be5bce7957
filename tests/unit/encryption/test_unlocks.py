"""Which browsers may read an encrypted record, and when it locks itself."""

from hypothesis import given
from hypothesis import strategies as st

from holdwell.encryption.unlocks import IDLE_S, Vault
from holdwell.store.sqlcipher import Key, Keyring

SALT, OTHER = b"s" * 16, b"o" * 16
BROWSERS = ("phone", "laptop", "tablet")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def keyed() -> tuple[Vault, Keyring, Clock]:
    ring, clock = Keyring(), Clock()
    for salt in (SALT, OTHER):
        ring.add(Key(b"k" * 32, salt))
    return Vault(ring, clock), ring, clock


def test_only_the_browser_that_gave_the_passphrase_is_let_in() -> None:
    vault, _, _ = keyed()
    vault.open("phone", SALT)
    assert vault.is_open("phone", SALT)
    assert not vault.is_open("laptop", SALT)
    assert not vault.is_open("phone", OTHER)


def test_it_locks_itself_when_idle_and_use_keeps_it_open() -> None:
    vault, ring, clock = keyed()
    vault.open("phone", SALT)
    for moment in (IDLE_S - 1, 2 * IDLE_S - 2):
        clock.now = moment
        assert vault.is_open("phone", SALT)
    assert ring.get(SALT) is not None
    clock.now = 3 * IDLE_S
    assert not vault.is_open("phone", SALT)
    assert ring.get(SALT) is None


def test_the_key_goes_with_the_last_browser() -> None:
    vault, ring, _ = keyed()
    vault.open("phone", SALT)
    vault.open("laptop", SALT)
    vault.open("laptop", OTHER)
    vault.shut("phone", SALT)
    assert not vault.is_open("phone", SALT)
    assert ring.get(SALT) is not None
    vault.shut("laptop", SALT)
    assert ring.get(SALT) is None
    assert ring.get(OTHER) is not None and vault.is_open("laptop", OTHER)


def test_a_clock_that_is_set_back_locks_nobody() -> None:
    vault, ring, clock = keyed()
    clock.now = 100
    vault.open("phone", SALT)
    clock.now = 50
    assert vault.is_open("phone", SALT)
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
def test_open_is_who_opened_it_and_used_it_since(deeds: list[Deed]) -> None:
    vault, ring, clock = keyed()
    used: dict[tuple[str, bytes], float] = {}
    for what, browser, salt, passed in deeds:
        clock.now += passed
        used = {one: when for one, when in used.items() if clock.now - when < IDLE_S}
        if what == "open":
            ring.add(Key(b"k" * 32, salt))
            vault.open(browser, salt)
            used[browser, salt] = clock.now
        elif what == "shut":
            vault.shut(browser, salt)
            used.pop((browser, salt), None)
        else:
            wanted = (browser, salt) in used
            assert vault.is_open(browser, salt) == wanted
            if wanted:
                used[browser, salt] = clock.now
        for one in {salt for _, salt in used}:
            assert ring.get(one) is not None
