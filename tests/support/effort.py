"""How much a test tries: less in `make test`, more in `make thorough`."""

from hypothesis import settings

THOROUGH = "thorough"


def thorough() -> bool:
    """Say whether `make thorough` runs."""
    return settings.get_current_profile_name() == THOROUGH


def attempts(usual: int, many: int) -> int:
    """Return how often to try: `many` in `make thorough`, else `usual`."""
    return many if thorough() else usual
