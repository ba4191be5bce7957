"""The example history: as long as promised, its own, and never over somebody's record."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from holdwell import demo
from holdwell.domain.models import Moment
from holdwell.stats import queries
from holdwell.store.repository import Store
from tests.conftest import MakeSession

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


def test_made_again_it_is_the_same(tmp_path: Path) -> None:
    def ids() -> list[str]:
        store = Store(demo.make(tmp_path, NOW))
        found = [s.id for s in store.sessions(limit=1000)]
        store.close()
        return found

    assert ids() == ids()


def test_a_real_database_is_never_replaced(
    tmp_path: Path, now: Moment, make_session: MakeSession
) -> None:
    store = Store(tmp_path / "holdwell.db")
    session = make_session(NOW.date())
    store.save(session, now)
    store.close()
    with pytest.raises(ValueError, match="real record"):
        demo.make(tmp_path, NOW)
    store = Store(tmp_path / "holdwell.db")
    assert store.session(session.id) == session
    store.close()


def test_help_is_help_and_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["demo", "--help"])
    with pytest.raises(SystemExit) as ended:
        demo.main()
    assert ended.value.code == 0
    assert "FOLDER" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr("sys.argv", ["demo", "example"])
    demo.main()
    assert (tmp_path / "example" / "holdwell.db").exists()
