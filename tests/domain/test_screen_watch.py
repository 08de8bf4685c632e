from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.screen_watch import Beat, Ill, Patience, Restarts, ScreenWatch, said


class Kiosk:
    """Beats twice a second of a kiosk in which all is well, but for what a test changes."""

    def __init__(self, *, camera_hung: bool = False) -> None:
        self.now = 100.0
        self.watch = ScreenWatch(self.now, camera_hung=camera_hung)
        self.beat = Beat(wants_pictures=True, begun=True, ready=True)

    def run(self, seconds: float, *still: str, **changes: object) -> Ill | None:
        """What it is ill with first; what is named in ``still`` does not go on."""
        for _ in range(round(2 * seconds)):
            self.now += 0.5
            for name, more in (("painted", 1), ("frames", 12), ("pictures", 10)):
                if name not in still:
                    self.beat = replace(self.beat, **{name: getattr(self.beat, name) + more})
            self.beat = replace(self.beat, **changes)  # type: ignore[arg-type]
            self.watch.see(self.beat, self.now)
            ill = self.watch.ill(self.now)
            if ill is not None:
                return ill
        return None

    def silence(self, seconds: float) -> Ill | None:
        self.now += seconds
        return self.watch.ill(self.now)


@pytest.fixture
def kiosk() -> Kiosk:
    made = Kiosk()
    assert made.run(10) is None
    return made


def test_a_day_without_faults(kiosk: Kiosk) -> None:
    assert kiosk.run(2000) is None
    assert kiosk.watch.well_since is not None


@pytest.mark.parametrize(
    ("still", "changes", "ill", "within"),
    [
        (["painted"], {}, Ill.NOT_PAINTED, 5),
        ([], {"shown": False}, Ill.NOT_SHOWN, 4),
        (["pictures"], {}, Ill.PICTURE_STANDS, 5),
        (["frames", "pictures"], {}, Ill.CAMERA_SILENT, 8),
        ([], {"busy": 15.5}, Ill.RECOGNITION_HANGS, 1),
        ([], {"ended": True}, Ill.THREAD_ENDED, 1),
    ],
)
def test_what_is_wrong_is_found_in_time(
    kiosk: Kiosk, still: list[str], changes: dict[str, object], ill: Ill, within: float
) -> None:
    begun = kiosk.now
    assert kiosk.run(60, *still, **changes) is ill
    assert kiosk.now - begun <= within
    assert said(ill)


def test_a_screen_that_says_nothing(kiosk: Kiosk) -> None:
    assert kiosk.silence(4) is None
    assert kiosk.silence(0.5) is Ill.NO_ANSWER


def test_a_slow_start_is_waited_for() -> None:
    kiosk = Kiosk()
    assert kiosk.silence(30) is None
    assert kiosk.silence(0.5) is Ill.NO_ANSWER


def test_a_machine_that_slept_is_not_ill(kiosk: Kiosk) -> None:
    kiosk.now += 3600
    assert kiosk.run(5) is None


def test_a_camera_that_is_lost_and_tried_again_is_no_reason_to_start_anew(kiosk: Kiosk) -> None:
    for tries in range(1, 100):  # at most ten seconds of pause, and as many to open it
        assert kiosk.run(20, "frames", "pictures", tries=tries) is None
    assert kiosk.run(20) is None


def test_a_recording_that_is_over_is_no_reason_to_start_anew(kiosk: Kiosk) -> None:
    assert kiosk.run(2000, "frames", "pictures", over=True) is None


def test_a_driver_that_hangs_when_the_camera_is_opened_again(kiosk: Kiosk) -> None:
    kiosk.run(5, "frames", "pictures", tries=1)
    assert kiosk.run(45, "frames", "pictures") is Ill.CAMERA_SILENT


def test_a_driver_that_still_hangs_after_a_start_anew_is_left_for_a_while() -> None:
    kiosk = Kiosk(camera_hung=True)
    assert kiosk.run(890, "frames", "pictures") is None, "the page says it meanwhile"
    assert kiosk.run(20, "frames", "pictures") is Ill.CAMERA_SILENT
    came = Kiosk(camera_hung=True)
    came.run(20)
    assert came.run(8, "frames", "pictures") is Ill.CAMERA_SILENT


def test_models_may_take_longer_to_load_than_a_frame_to_be_recognised(kiosk: Kiosk) -> None:
    assert kiosk.run(5, busy=100.0, ready=False) is None
    assert kiosk.run(5, busy=121.0, ready=False) is Ill.RECOGNITION_HANGS


def test_a_watcher_that_slept_takes_no_silence_for_an_illness(kiosk: Kiosk) -> None:
    kiosk.now += 3600
    kiosk.watch.slept(kiosk.now)
    assert kiosk.watch.ill(kiosk.now) is None
    assert kiosk.silence(5) is Ill.NO_ANSWER
    starts = Kiosk()
    starts.now += 3600
    starts.watch.slept(starts.now)
    assert starts.silence(20) is None


def test_in_the_panel_no_picture_is_painted(kiosk: Kiosk) -> None:
    assert kiosk.run(600, "pictures", wants_pictures=False) is None


def test_a_long_migration_is_not_broken_off() -> None:
    kiosk = Kiosk()
    assert kiosk.run(600, "frames", "pictures", begun=False) is None
    assert kiosk.watch.well_since is None


def test_a_screen_that_says_why_the_kiosk_can_not_start_is_well_for_as_long_as_it_is_painted() -> (
    None
):
    kiosk = Kiosk()
    assert kiosk.run(3600, begun=False, waits=True) is None
    assert kiosk.watch.well_since is not None
    assert kiosk.run(600, "painted", begun=False, waits=True) is Ill.NOT_PAINTED


def test_new_settings_start_camera_and_counting_anew(kiosk: Kiosk) -> None:
    kiosk.beat = replace(kiosk.beat, frames=0)
    assert kiosk.run(20, "frames", "pictures") is None
    assert kiosk.run(20) is None


def test_a_beat_through_a_pipe() -> None:
    beat = Beat(3, False, True, 4, 2, 5, True, True, True, 1.5, True, True)
    assert Beat.of(beat.line()) == beat
    for line in (b"", b"{}", b"[1]", b'{"painted": 3, "sho', b"\xff"):
        assert Beat.of(line) is None


def test_restarts_come_at_once_then_more_and_more_slowly_and_then_no_more() -> None:
    restarts = Restarts()
    waits = [0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60]
    assert [restarts.wait(59) for _ in waits] == waits
    assert restarts.wait(60) == 0, "it was well for a while"
    assert [restarts.wait(0) for _ in waits] == [*waits[1:], None]


def test_nothing_that_takes_long_to_be_found_counts_as_well() -> None:
    patience = Patience()
    assert max(patience.opening, patience.recognition, patience.camera) < Restarts.STEADY
