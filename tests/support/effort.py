"""How many examples tests try: fewer in `make test`, more in `make thorough`."""

from hypothesis import settings

THOROUGH = "thorough"


def thorough() -> bool:
    """Return whether this is a run of `make thorough`."""
    return settings.get_current_profile_name() == THOROUGH


def attempts(usual: int, many: int) -> int:
    """Return the number of tries: `many` in `make thorough`, otherwise `usual`."""
    return many if thorough() else usual
