"""The safety page lists every stop sign."""

from holdwell.guide.load import guide
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, texts


def test_safety_page_has_every_sign(open_page: OpenPage, known: Store) -> None:
    text = texts(open_page("safety"))
    for group in guide().safety.groups:
        assert group.whom in text
        for sign in group.signs:
            assert sign in text
