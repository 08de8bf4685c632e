"""Every command in this process: what it says, and the code it ends with."""

from __future__ import annotations

import csv
import json
import shutil
import stat
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from kiosk.app import DEMO, Options, opened_storage
from kiosk.cli import app, main
from kiosk.cli.options import DONE, NEGATIVE
from kiosk.cli.program import execute
from kiosk.domain.attendance import Direction, Evidence
from kiosk.domain.errors import BadInput, EnvironmentFailed, KioskError
from kiosk.domain.records import EventFilter
from kiosk.services.admin.access_log import export
from kiosk.services.attendance import Attendance
from kiosk.ui.admin.widgets.tasks import write_whole
from tests.databases import opened

PEOPLE = DEMO / "people"
EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MIA = sorted((PEOPLE / "Mia Chen").iterdir())


class Said:
    """A command's answer: its exit code and what it printed, or the error it ended with."""

    def __init__(self, *words: object) -> None:
        ran = CliRunner().invoke(app, [str(word) for word in words], standalone_mode=False)
        self.error = ran.exception
        self.code = ran.return_value
        self.text = ran.stdout


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which Mia is enrolled; whoever changes it takes a copy."""
    folder = tmp_path_factory.mktemp("data")
    said = Said("enrol", "Mia Chen", *MIA, "--staff-number", "101", "--data-dir", folder)
    assert said.code == DONE, said.error
    assert said.text.splitlines()[0] == "enrolled  Mia Chen (101): 3 photos."
    return folder


@pytest.fixture
def own(data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data, tmp_path / "own"))


def test_enrolling_again_tells_what_was_stored_already_and_what_was_refused(
    own: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    nobody = tmp_path / "nobody.png"
    cv2.imwrite(str(nobody), np.full((200, 200, 3), 90, np.uint8))

    said = Said("enrol", "Mia Chen", MIA[0], broken, nobody, "--data-dir", own)

    assert said.code == DONE
    assert "Mia Chen (101): 0 photos, 1 stored already, 2 refused." in said.text
    assert f"refused   {broken}: " in said.text
    assert "No face was found" in said.text
    (mia,) = json.loads(Said("people", "list", "--data-dir", own, "--json").text)
    assert mia["templates"] == 3, "the same picture twice changes nothing"


def test_a_name_that_can_not_be_typed_at_the_door_needs_a_number(tmp_path: Path) -> None:
    asked = "Give 李雷 a staff number: the name can't be typed at the door."
    staff = shutil.copytree(PEOPLE / "Mia Chen", tmp_path / "staff" / "李雷").parent

    def last(*words: object) -> str:
        return Said("enrol", *words, "--data-dir", tmp_path / "data").text.splitlines()[-1]

    assert last("李雷", *MIA) == f"enrolled  李雷: 3 photos. {asked}"
    assert last("--folder", staff) == f"enrolled  李雷: 0 photos, 3 stored already. {asked}"
    assert Said("people", "remove", "李雷", "--yes", "--data-dir", tmp_path / "data").code == DONE
    assert last("李雷", *MIA, "--staff-number", "17") == "enrolled  李雷 (17): 3 photos."


def test_a_folder_without_a_usable_picture_is_a_negative_result(own: Path, tmp_path: Path) -> None:
    (tmp_path / "staff" / "Nobody At All").mkdir(parents=True)
    (tmp_path / "staff" / "Nobody At All" / "1.jpg").write_bytes(b"")

    said = Said("enrol", "--folder", tmp_path / "staff", "--data-dir", own, "--json")

    assert said.code == NEGATIVE
    answer = json.loads(said.text)
    assert answer["people"] == []
    assert answer["accepted"] == 0
    assert "1.jpg" in [Path(refused["path"]).name for refused in answer["refused"]]


def test_people_are_listed_in_words(data: Path, tmp_path: Path) -> None:
    assert "Mia Chen (101), 3 photos" in Said("people", "list", "--data-dir", data).text
    assert "Nobody is enrolled yet" in Said("people", "list", "--data-dir", tmp_path).text


@pytest.mark.parametrize("who", ["101", "mia chen", "1"])
def test_somebody_is_removed_by_number_name_or_id(own: Path, who: str) -> None:
    said = Said("people", "remove", who, "--yes", "--data-dir", own)

    assert said.code == DONE, said.error
    assert said.text.splitlines()[:2] == [
        "Deleted Mia Chen.",
        "Deleted: the name and number on the card, the PIN, 3 photos.",
    ]
    assert "Stays" not in said.text  # she was never seen at the door
    assert json.loads(Said("people", "list", "--data-dir", own, "--json").text) == []


def test_removing_asks_first(own: Path) -> None:
    ran = CliRunner().invoke(
        app, ["people", "remove", "101", "--data-dir", str(own)], input="n\n",
        standalone_mode=False,
    )  # fmt: skip

    assert ran.return_value == NEGATIVE
    assert "Delete Mia Chen and 3 photos? The log entries stay." in ran.stdout
    assert len(json.loads(Said("people", "list", "--data-dir", own, "--json").text)) == 1


def test_a_replay_is_told_in_words_and_logged(own: Path, tmp_path: Path) -> None:
    said = Said("replay", PEOPLE / "Mia Chen", "--data-dir", own)

    assert said.code == DONE, said.error
    assert "ALLOW Mia Chen (face_matched, " in said.text
    assert "ms p50/p95: detect " in said.text
    assert "that was not checked" in said.text, "pictures have no time to be judged by"
    log = tmp_path / "log.csv"
    exported = Said("log", "export", log, "--person", "mia", "--data-dir", own)
    assert exported.text.strip() == f"3 events written to {log}."
    assert len(log.read_text().splitlines()) == 4, "each time that somebody was let in"


def test_what_was_played_is_marked_for_ever(own: Path) -> None:
    """In the log and in the hours; and who takes the mark away is found."""
    assert Said("replay", PEOPLE / "Mia Chen", "--data-dir", own).code == DONE
    rows = list(csv.DictReader(Said("log", "export", "--data-dir", own).text.splitlines()))
    assert {row["recording"] for row in rows} == {"yes"}
    with opened_storage(Options(data_dir=own)) as storage:
        punches = storage.clock_events.between(*EVER)
        assert {punch.evidence for punch in punches} == {Evidence.RECORDING}
    assert Said("log", "verify", "--data-dir", own).code == DONE
    with closing(opened(own / "kiosk.db")) as connection:
        connection.execute("UPDATE events SET recording = NULL")
        connection.execute("UPDATE clock_events SET evidence = 'face'")
    told = Said("log", "verify", "--data-dir", own)
    assert told.code == NEGATIVE
    assert "of events was changed" in told.text
    assert "of clock_events was changed" in told.text


def test_pictures_are_judged_where_that_is_asked_for(own: Path) -> None:
    judged = ["replay", PEOPLE / "Mia Chen", "--data-dir", own, "--json", "--liveness"]
    said = Said(*judged, "always_challenge")
    assert said.code == NEGATIVE
    assert "SUSPECTED_ATTACK" in said.text
    assert Said(*judged, "often").code not in (DONE, NEGATIVE)


def test_the_log_is_the_same_bytes_in_a_file_from_the_panel_and_on_the_screen(
    own: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert Said("replay", PEOPLE / "Mia Chen", "--data-dir", own).code == DONE
    Said("log", "export", tmp_path / "cli.csv", "--data-dir", own)
    with opened_storage(Options(data_dir=own)) as storage:
        write_whole(tmp_path / "panel.csv", lambda out: export(storage.events, EventFilter(), out))
    capfdbinary.readouterr()
    assert execute(["log", "export", "--data-dir", str(own)]) == DONE

    written = (tmp_path / "cli.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfevent,")
    assert written.count(b"\r\n") == written.count(b"\n") == 4
    assert written == (tmp_path / "panel.csv").read_bytes() == capfdbinary.readouterr().out


@pytest.fixture
def hours(own: Path) -> Path:
    """Mia came and went on two days in March."""
    with opened_storage(Options(data_dir=own)) as storage:
        storage.settings.save({"day_starts": 4})
        (mia,) = storage.people.find("Mia")
        for day in (2, 30):
            for hour, direction in ((8, Direction.IN), (16, Direction.OUT)):
                at = datetime(2026, 3, day, hour).astimezone(UTC)
                storage.clock_events.add(mia.id, direction, at)
    return own


def test_who_is_in_now(own: Path) -> None:
    assert "Nobody is in" in Said("attendance", "who", "--data-dir", own).text
    with opened_storage(Options(data_dir=own)) as storage:
        (mia,) = storage.people.find("Mia")
        storage.clock_events.add(mia.id, Direction.IN, datetime.now(UTC) - timedelta(hours=9))
    text = Said("attendance", "who", "--data-dir", own).text
    assert "Mia Chen" in text
    assert "1 person is in." in text
    (one,) = json.loads(Said("attendance", "who", "--data-dir", own, "--json").text)
    assert one["name"] == "Mia Chen"


def test_hours_are_the_same_bytes_in_a_file_from_the_panel_and_on_the_screen(
    hours: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    month = ["--since", "2026-03-01", "--until", "2026-03-31", "--data-dir", str(hours)]
    said = Said("attendance", "export", tmp_path / "cli.csv", *month)
    assert said.text.strip() == f"2 rows written to {tmp_path / 'cli.csv'}."
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(31)]
    with opened_storage(Options(data_dir=hours)) as storage:
        sheets = Attendance(storage, 4)
        write_whole(tmp_path / "panel.csv", lambda out: sheets.export(days, out))
    capfdbinary.readouterr()
    assert execute(["attendance", "export", *month]) == DONE

    written = (tmp_path / "cli.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfday,name,")
    assert b"2026-03-02,Mia Chen,101,08:00,16:00,8.00,,,\r\n2026-03-30,Mia Chen," in written
    assert written == (tmp_path / "panel.csv").read_bytes() == capfdbinary.readouterr().out
    assert stat.S_IMODE((tmp_path / "cli.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ([], 0),  # today
        (["--until", "2026-03-02"], 1),  # that day
        (["--since", "2026-03-03"], 1),  # until today
        (["--since", "0002-01-01", "--until", "9990-01-01"], 2),
        (["--since", "2026-03-03", "--until", "2026-03-29"], 0),
    ],
)
def test_days_of_the_hours_that_are_exported(
    hours: Path, tmp_path: Path, words: list[str], rows: int
) -> None:
    said = Said("attendance", "export", tmp_path / "out.csv", *words, "--data-dir", hours)

    assert said.text.startswith(f"{rows} row"), said.error
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 1 + rows


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--since", "yesterday"], "'yesterday' is no day: write it as 2026-11-24."),
        (["--since", "2026-02-30"], "is no day"),
        (["--since", "0001-01-01"], "is no day"),
        (["--until", "9999-12-31"], "is no day"),
        (["--since", "2026-03-02", "--until", "2026-03-01"], "--since must not lie after"),
        (["--since", "9000-01-01"], "--since must not lie after"),
        (["/nowhere/at/all.csv"], "can't be written"),
    ],
)
def test_days_that_are_none_are_a_sentence(hours: Path, words: list[str], why: str) -> None:
    error = Said("attendance", "export", *words, "--data-dir", hours).error

    assert isinstance(error, (BadInput, EnvironmentFailed))
    assert why in str(error)


def test_a_claim_is_compared_with_one_person(own: Path) -> None:
    said = Said("replay", MIA[0], "--claim", "101", "--data-dir", own, "--json")

    decision, summary = map(json.loads, said.text.splitlines())
    assert (said.code, decision["outcome"], decision["mode"]) == (DONE, "ALLOW", "claimed")
    assert summary["decisions"] == summary["allowed"] == 1


def test_comparing_is_told_in_words(data: Path) -> None:
    same = Said("compare", MIA[0], MIA[1], "--data-dir", data)
    other = Said("compare", MIA[0], PEOPLE / "Emma Lind" / "1.jpg", "--data-dir", data)

    assert same.code == DONE
    assert same.text.startswith("The same person: ")
    assert "points of 100, where 30 are needed (1 in 1,000 strangers would pass)" in same.text
    assert other.code == NEGATIVE
    assert other.text.startswith("Not the same person: ")


def test_comparing_says_what_makes_it_less_sure(data: Path, tmp_path: Path) -> None:
    whole = cv2.imread(str(MIA[0]))
    cut = tmp_path / "cut.png"
    points = json.loads(Said("compare", MIA[0], MIA[1], "--data-dir", data, "--json").text)
    assert (points["same"], points["remarks"]) == (True, [])
    assert points["score"] > points["threshold"] == 30
    for row in range(len(whole) // 8, len(whole) // 2, 8):  # the head ends somewhere there
        cv2.imwrite(str(cut), whole[row:])
        said = Said("compare", MIA[0], cut, "--data-dir", data)
        if said.error is None and "Less sure" in said.text:
            assert "Less sure than it says: cut.png: The face does not fit" in said.text
            return
    raise AssertionError("no cut was noticed")


def test_comparing_a_picture_without_a_face_names_it(data: Path, tmp_path: Path) -> None:
    wall = tmp_path / "wall.png"
    cv2.imwrite(str(wall), np.full((200, 200, 3), 90, np.uint8))

    said = Said("compare", MIA[0], wall, "--data-dir", data)

    assert isinstance(said.error, KioskError)
    assert str(said.error).startswith("wall.png: No face was found")


def test_the_doctor_finds_all_well_with_the_demo_s_clip(data: Path) -> None:
    said = Said("doctor", "--camera", DEMO / "clip.mp4", "--data-dir", data)

    assert said.code == DONE, said.text
    for title in ("Kiosk", "Camera", "Model files", "Encoder", "Database", "Clock", "Libraries"):
        assert f"ok     {title}: " in said.text


def test_the_doctor_names_what_is_wrong(data: Path, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"no film")

    said = Said("doctor", "--camera", clip, "--data-dir", data, "--json")

    assert said.code == NEGATIVE
    answer = json.loads(said.text)
    assert answer["ok"] is False
    assert [row["title"] for row in answer["findings"] if not row["ok"]] == ["Camera"]


@pytest.mark.parametrize(
    "words",
    [
        ["enrol"],
        ["enrol", "Mia", "a.jpg", "--folder", "staff"],
        ["enrol", "Mia"],
        ["enrol", "x" * 500, str(MIA[0])],
        ["people", "remove", "nobody"],
        ["replay", "nowhere.mp4"],
        ["log", "export", "/nowhere/at/all.csv"],
    ],
)
def test_bad_input_is_a_sentence(data: Path, words: list[str]) -> None:
    error = Said(*words, "--data-dir", data).error

    assert isinstance(error, (BadInput, EnvironmentFailed))
    assert str(error).endswith(".") or str(error).endswith("JPG")
    assert len(str(error).split()) > 4


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--version"], 0),
        (["people", "list"], 0),
        (["compare", str(MIA[0]), str(PEOPLE / "Emma Lind" / "1.jpg")], 1),
        (["people", "remove", "nobody"], 2),
        (["no-such-command"], 2),
    ],
)
def test_exit_codes(
    data: Path, words: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = [] if words[0] in ("--version", "no-such-command") else ["--data-dir", str(data)]
    monkeypatch.setattr(sys, "argv", ["main.py", *words, *where])

    with pytest.raises(SystemExit) as ended:
        main()

    assert (ended.value.code or 0) == code
