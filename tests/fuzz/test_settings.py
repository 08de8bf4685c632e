"""Settings: whatever stands in the database the kiosk starts; what is typed is set or refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.app import Options, opened_administration, read_settings
from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.errors import BadInput, StorageError
from kiosk.domain.settings import Settings
from kiosk.services.admin.administration import Administration
from tests.databases import opened
from tests.fuzz.inputs import check_sentence, damaged, fuzzed

NAMES = [info.name for info in Settings.about()]
ODD = ("", "0", "-1", "1e309", "nan", "NaN", "Infinity", "true", "null", "[]", "{}", '"', '"a',
       '"\\ud800"', "١٢", "0x10", "1_000", "9" * 5000, "[" * 3000, "../..", "/dev/zero", "~nobody",
       "http://[", "rtsp://a:b@c#d/é", "20,0,80,100", "100,100,0,0", "nan,nan,nan,nan",
       "\0", "\n", "%s", "{x}", "auto")  # fmt: skip
TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=20), st.floats().map(str))
VALUES = st.one_of(
    TEXTS, st.none(), st.booleans(), st.integers(), st.floats(),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=2), st.integers()),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def admin(folder: Any) -> Iterator[Administration]:
    with opened_administration(Options(data_dir=folder)) as made:
        yield made


def could_be_chosen(settings: Settings) -> bool:
    values = {name: getattr(settings, name) for name in NAMES}
    return settings.changed(**values) == settings


@fuzzed(8)
@given(
    st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=4),
    st.one_of(st.just(b""), damaged(b'{"a": [1, "b"]}')),
)
def test_whatever_is_stored(
    folder: Any, admin: Administration, stored: dict[str, str], more: bytes
) -> None:
    with opened(folder / "kiosk.db") as connection:
        connection.execute("DELETE FROM settings")
        for name, value in {**stored, "of tomorrow": more.decode("utf-8", "replace")}.items():
            connection.execute(
                "INSERT INTO settings VALUES (?, ?)",
                (name, value.encode("utf-8", "replace").decode()),
            )
    try:
        assert could_be_chosen(read_settings(admin.records, Options()))
    except StorageError as error:  # a value that is no JSON: the PIN may be the one
        check_sentence(error, "is damaged")


@fuzzed(8)
@given(st.sampled_from(NAMES), VALUES)
def test_whatever_is_typed(folder: Any, admin: Administration, name: str, value: Any) -> None:
    with opened(folder / "kiosk.db") as connection:
        connection.execute("DELETE FROM settings")
    before = Settings()
    try:
        wanted = before.changed(**{name: value})
        admin.settings.change(ADMINISTRATOR, before, wanted)
    except BadInput as error:
        check_sentence(error)
        assert read_settings(admin.records, Options()) == before
        return
    assert could_be_chosen(wanted)
    assert read_settings(admin.records, Options()) == wanted
