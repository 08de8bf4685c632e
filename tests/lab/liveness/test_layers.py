"""What is let in, asked and refused with each layer of the check taken away."""

from __future__ import annotations

from kiosk.domain.liveness.cues import Cues, Stream
from kiosk.domain.liveness.policy import Next
from kiosk.lab.liveness.layers import REMOVED, Visit, outcome, parted, table
from kiosk.lab.liveness.sources import LIVE, WINDOW


def visit(species: str, looks: float, motion: float = 0.0, stream: Stream = Stream.FRESH) -> Visit:
    cues = Cues(0.0, looks=looks, turn=0.0, motion=motion, changed=0.1, stream=stream)
    return Visit(species, species, (cues,) * WINDOW)


def test_each_layer_catches_what_the_others_let_in() -> None:
    moved = visit("photo", 3.0, motion=0.05)
    assert outcome(moved, "nothing") is not Next.LET_IN
    assert outcome(moved, "what moves around the face") is Next.LET_IN
    still = visit("still", 3.0, stream=Stream.SAME)
    assert outcome(still, "nothing") is Next.REFUSE
    assert outcome(still, "the source") is Next.LET_IN
    assert outcome(visit(LIVE, 3.0), "the network") is Next.CHALLENGE


def test_where_nobody_is_asked_who_is_in_doubt_is_let_in_or_refused() -> None:
    for looks in (-1.0, 0.5, 3.0):
        assert outcome(visit("doubt", looks), "asking to turn the head") is not Next.CHALLENGE


def test_the_table_has_a_row_for_each_species_and_a_column_for_each_layer() -> None:
    lines = table([visit(LIVE, 3.0), visit("photo", -5.0)]).splitlines()
    assert len(lines) == 4
    assert lines[2].startswith("| live: 1 visits of 1; let in 1 of 1: over")
    assert lines[2].count("100 / 0 / 0") == len(REMOVED) - 1
    assert "| 0 / 0 / 100 |" in lines[3]


def test_a_clip_is_a_visit_every_so_many_frames() -> None:
    cues = [Cues(at / 10) for at in range(2 * WINDOW + 3)]
    assert [len(one.cues) for one in parted("clip", LIVE, cues)] == [WINDOW, WINDOW]
