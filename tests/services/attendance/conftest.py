"""A made-up month, for what reads hours."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.domain.repositories import Storage
from kiosk.storage import database_url, open_storage
from tests.services.attendance.months import filled_file, in_berlin


@pytest.fixture(scope="session")
def month_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the month, made once: whoever changes it takes a copy."""
    return in_berlin(lambda: filled_file(tmp_path_factory.mktemp("months")))


@pytest.fixture
def month_storage(
    month_folder: Path, tmp_path: Path, machine_in: Callable[[str], None]
) -> Iterator[Storage]:
    """A copy of it."""
    machine_in("Europe/Berlin")
    folder = Path(shutil.copytree(month_folder, tmp_path / "data"))
    opened = open_storage(database_url(folder))
    yield opened
    opened.close()


@pytest.fixture
def ids() -> tuple[int, ...]:
    """Of the people of the month, by the order of ``PEOPLE``."""
    return (1, 2, 3, 4)
