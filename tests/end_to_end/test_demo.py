"""The whole path on drawn faces: pictures to templates, a clip to log rows and clock events."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.app import DEMO

ROOT = Path(__file__).resolve().parents[2]


def kiosk(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:kiosk", "main.py", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the demo's people are enrolled."""
    folder = tmp_path_factory.mktemp("data")
    done = kiosk("enrol", "--folder", DEMO / "people", "--data-dir", folder, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [person["name"] for person in report["people"]] == [
        "Emma Lind",
        "Mia Chen",
        "Samuel Okafor",
    ]
    assert report["refused"] == []
    return folder


def test_the_demo_lets_mia_in_refuses_a_stranger_and_asks_for_one_person(
    enrolled: Path, tmp_path: Path
) -> None:
    events = tmp_path / "events.jsonl"
    done = kiosk(
        "replay", DEMO / "clip.mp4", "--data-dir", enrolled, "--events", events, "--json",
        "--liveness", "off",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    *decisions, summary = [json.loads(line) for line in done.stdout.splitlines()]
    assert decisions == [json.loads(line) for line in events.read_text().splitlines()]
    logged = [line for line in decisions if not line["repeat"]]
    seen = [(line["outcome"], line["person"]) for line in logged]
    assert seen[:3] == [("ALLOW", "Mia Chen"), ("DENY", None), ("SEVERAL_FACES", None)]
    assert seen[-1] == ("ALLOW", "Samuel Okafor")
    assert summary["decisions"] == len(decisions)
    # Both to be seen within 15 s of the clip.
    assert logged[1]["media_time_s"] < 15
    allow = decisions[0]
    assert allow["score"] >= allow["threshold"]
    assert allow["direction"] == "in"

    log = kiosk("log", "export", "--data-dir", enrolled).stdout.splitlines()
    assert len(log) == 1 + len(logged)
    assert "ALLOW" in log[-1]
    assert "Mia Chen" in log[-1]


def test_nobody_in_a_clip_turns_the_head_when_asked(enrolled: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(enrolled, data)
    done = kiosk("replay", DEMO / "clip.mp4", "--data-dir", data, "--json")

    *decisions, summary = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1, done.stderr
    assert summary["liveness"] == "passive_then_challenge"
    refused = [line for line in decisions if line["outcome"] == "SUSPECTED_ATTACK"]
    assert [line["person"] for line in refused] == ["Mia Chen", "Samuel Okafor"]
    reasons = {line["reason"] for line in refused}
    # What is asked, and when, is drawn anew each time: so a clip's own movement may answer wrongly.
    assert reasons <= {"challenge_unanswered", "challenge_failed", "not_live", "not_a_camera"}


def test_a_claim_of_somebody_else_is_refused(enrolled: Path) -> None:
    done = kiosk(
        "replay", DEMO / "people" / "Mia Chen", "--claim", "emma lind", "--data-dir", enrolled,
        "--json",
    )  # fmt: skip

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1, done.stderr
    assert {(line["outcome"], line["reason"]) for line in lines[:-1]} == {
        ("DENY", "claim_not_matched")
    }


def test_comparing_two_pictures_tells_same_from_different(enrolled: Path) -> None:
    people = DEMO / "people"
    same = kiosk(
        "compare", people / "Mia Chen" / "1.jpg", people / "Mia Chen" / "3.jpg",
        "--data-dir", enrolled, "--json",
    )  # fmt: skip
    other = kiosk(
        "compare", people / "Mia Chen" / "1.jpg", people / "Emma Lind" / "1.jpg",
        "--data-dir", enrolled, "--json",
    )  # fmt: skip

    assert same.returncode == 0
    assert other.returncode == 1
    answer = json.loads(same.stdout)
    keys = {"score", "threshold", "chance", "far", "same", "similarity", "remarks"}
    assert set(answer) == keys
    assert answer["same"] is True
    assert answer["score"] > answer["threshold"] > json.loads(other.stdout)["score"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["replay", "nowhere.mp4"], "nowhere.mp4"),
        (["enrol"], "--folder"),
        (["enrol", "Mia"], "picture"),
        (["people", "remove", "nobody"], "nobody"),
        (["replay", str(DEMO / "clip.mp4"), "--claim", "nobody"], "nobody"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    enrolled: Path, words: list[str], sentence: str
) -> None:
    done = kiosk(*words, "--data-dir", enrolled)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
