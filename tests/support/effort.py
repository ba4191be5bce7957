"""How much a test tries: less in `make test`, more in `make thorough`."""

from hypothesis import settings

THOROUGH = "thorough"


def attempts(usual: int, thorough: int) -> int:
    """Return how often to try: `thorough` under that Hypothesis profile, else `usual`."""
    return thorough if settings.get_current_profile_name() == THOROUGH else usual
