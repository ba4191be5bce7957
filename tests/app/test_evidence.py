"""The evidence page shows every finding and how sure it is."""

from holdwell.guide import guide
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, texts


def test_the_evidence_says_how_sure_it_is(open_page: OpenPage, known: Store) -> None:
    said = texts(open_page("evidence"))
    for finding in guide().evidence.findings:
        assert finding.question in said
        assert finding.answer in said
        assert all(source.line in said for source in finding.sources)
    assert said.count("How sure:") == len(guide().evidence.findings)
    assert guide().evidence.limits.text in said
