"""Which browsers may read an encrypted record, and when it locks itself."""

from hypothesis import given
from hypothesis import strategies as st

from holdwell.engine import Key, Keyring
from holdwell.vault import IDLE_S, Vault

SALT, OTHER = b"s" * 16, b"o" * 16
BROWSERS = ("phone", "laptop", "tablet")


def keyed() -> tuple[Vault, Keyring]:
    ring = Keyring()
    for salt in (SALT, OTHER):
        ring.add(Key(b"k" * 32, salt))
    return Vault(ring), ring


def test_only_the_browser_that_gave_the_passphrase_is_let_in() -> None:
    vault, _ = keyed()
    vault.open("phone", SALT, 0)
    assert vault.is_open("phone", SALT, 1)
    assert not vault.is_open("laptop", SALT, 1)
    assert not vault.is_open("phone", OTHER, 1)


def test_it_locks_itself_when_idle_and_use_keeps_it_open() -> None:
    vault, ring = keyed()
    vault.open("phone", SALT, 0)
    assert vault.is_open("phone", SALT, IDLE_S - 1)
    assert vault.is_open("phone", SALT, 2 * IDLE_S - 2)
    assert ring.get(SALT) is not None
    assert not vault.is_open("phone", SALT, 3 * IDLE_S)
    assert ring.get(SALT) is None


def test_the_key_goes_with_the_last_browser() -> None:
    vault, ring = keyed()
    vault.open("phone", SALT, 0)
    vault.open("laptop", SALT, 0)
    vault.open("laptop", OTHER, 0)
    vault.shut("phone", SALT, 1)
    assert not vault.is_open("phone", SALT, 2)
    assert ring.get(SALT) is not None
    vault.shut("laptop", SALT, 2)
    assert ring.get(SALT) is None
    assert ring.get(OTHER) is not None and vault.is_open("laptop", OTHER, 3)


def test_a_clock_that_is_set_back_opens_nothing() -> None:
    vault, _ = keyed()
    vault.open("phone", SALT, 100)
    assert not vault.is_open("phone", SALT, 50)


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
    vault, ring = keyed()
    used: dict[tuple[str, bytes], int] = {}
    now = 0
    for what, browser, salt, passed in deeds:
        now += passed
        used = {one: when for one, when in used.items() if now - when < IDLE_S}
        if what == "open":
            ring.add(Key(b"k" * 32, salt))
            vault.open(browser, salt, now)
            used[browser, salt] = now
        elif what == "shut":
            vault.shut(browser, salt, now)
            used.pop((browser, salt), None)
        else:
            wanted = (browser, salt) in used
            assert vault.is_open(browser, salt, now) == wanted
            if wanted:
                used[browser, salt] = now
        for one in {salt for _, salt in used}:
            assert ring.get(one) is not None
