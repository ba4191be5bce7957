"""The evidence page shows every finding and how sure it is."""

from holdwell.guide.load import guide
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, texts


def test_the_evidence_says_how_sure_it_is(open_page: OpenPage, known: Store) -> None:
    text = texts(open_page("evidence"))
    for finding in guide().evidence.findings:
        assert finding.question in text
        assert finding.answer in text
        assert all(source.line in text for source in finding.sources)
    assert text.count("How sure:") == len(guide().evidence.findings)
    assert guide().evidence.limits.text in text
