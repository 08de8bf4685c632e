"""A storage on a real file, and what goes into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.decision import Decision, Mode, Outcome, Reason
from kiosk.storage import SqlStorage, open_storage

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is, or will be."""
    return tmp_path / "kiosk.db"


@pytest.fixture
def url(path: Path) -> str:
    """Its address; a lock is waited for a hundredth of a second only."""
    return f"sqlite:///{path}?timeout=0.01"


@pytest.fixture
def storage(url: str) -> Iterator[SqlStorage]:
    opened = open_storage(url)
    yield opened
    opened.close()


@pytest.fixture
def allow() -> Decision:
    return Decision(
        NOON, Outcome.ALLOW, Reason.FACE_MATCHED, Mode.WALK_UP, person_id=1, person_name="Ada"
    )
