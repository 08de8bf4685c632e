"""Which encoder becomes the default, the one that refuses fewer where the kiosk works; the card."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import BadInput
from kiosk.domain.threshold import ErrorCurve
from kiosk.lab.evaluation.encoders import DLIB
from kiosk.lab.evaluation.promise import Promise
from kiosk.lab.evaluation.promise_page import Kept, read_kept
from kiosk.lab.evaluation.rates import Rate, Times
from kiosk.lab.evaluation.visit import Share, Visits
from kiosk.lab.release.publish import (
    CARD_NAME,
    ENCODER_ID,
    NO_DEFAULT,
    _missed,
    choose_default,
    trained_on,
    write_beside,
    write_promise_section,
)
from kiosk.vision.manifest import EncoderEntry, read_manifest, write_encoder_entry

ROOT = Path(__file__).resolve().parents[3]


def entry(name: str, slope: float, miss: float) -> EncoderEntry:
    """FAR 10^(-slope t), FRR `miss` at every threshold above 0.5 and none below."""
    thresholds = np.linspace(0, 1, 101)
    frr = np.where(thresholds > 0.5, miss, 0.0)
    curve = ErrorCurve(thresholds, 10 ** (-slope * thresholds), frr, "made up", 1000, 10**9)
    return replace(DLIB, encoder_id=name, curve=curve)


def test_a_site_s_rate_decides_and_not_a_single_comparison_s() -> None:
    # 2e-5 lies at 0.47 for the steep curve and at 0.78 for the flat one; 0.1% at 0.3 and 0.5.
    steep, flat = entry("steep", 10, 0.9), entry("flat", 6, 0.5)
    assert _missed(steep, 1e-3) == _missed(flat, 1e-3) == 0
    assert _missed(steep) == 0
    assert _missed(flat) == 0.5


def test_the_shipped_default_misses_least_and_its_card_says_so() -> None:
    manifest = read_manifest(ROOT / "models")
    missed = {
        name: _missed(found) for name, found in manifest.encoders.items() if name not in NO_DEFAULT
    }
    assert manifest.default_encoder == min(missed, key=missed.__getitem__)
    text = (ROOT / "models/efficientfacenet.md").read_text()
    for name, value in missed.items():
        assert f"| {value:.3f} |" in text, name
    assert "a walk-up site of 50" in text


def test_the_default_goes_to_the_better_one_and_back(tmp_path: Path) -> None:
    write_encoder_entry(tmp_path, entry("ours", 10, 0.9))
    write_encoder_entry(tmp_path, entry("theirs", 6, 0.5))
    before = read_manifest(tmp_path).encoders
    assert choose_default(tmp_path) == read_manifest(tmp_path).default_encoder == "ours"
    write_encoder_entry(tmp_path, entry("ours", 5, 0.9))  # trained on, and it has become worse
    assert choose_default(tmp_path) == read_manifest(tmp_path).default_encoder == "theirs"
    assert read_manifest(tmp_path).encoders["theirs"].info.curve.pairs == "made up"
    assert list(read_manifest(tmp_path).encoders) == list(before)


def test_a_curve_of_few_pairs_is_no_better_for_ending_early(tmp_path: Path) -> None:
    """Asked for a rate that it can't state, it answers with the threshold at its end."""
    many, few = entry("many", 6, 0.5), entry("few", 6, 0.6)
    few = replace(few, curve=replace(few.curve, impostor=1000))  # states 1% at the least
    assert _missed(few) == 0 < _missed(many)  # where each one's own end is taken
    ends = few.curve.lowest_far
    assert _missed(few, ends) == _missed(many, ends) == 0
    for one in (many, few):
        write_encoder_entry(tmp_path, one)
    assert choose_default(tmp_path) == "many"


def test_the_card_says_what_was_learned_from() -> None:
    plain = trained_on(("pins", "mine"), 1000, 2000)
    assert plain == (
        "Distilled by cosine from its teacher on 1,000 aligned crops of PINS, mine, and on 2,000 "
        "faces melted of two of them each; begun with ImageNet's weights."
    )
    tuned = trained_on(("pins",), 1000, 2000, 1234)
    assert "; tuned with an angular margin between 1,234 labelled people; begun" in tuned


def test_the_section_beside_it_follows_the_curves(tmp_path: Path) -> None:
    ours = entry(ENCODER_ID, 1.0, 0.1)
    ours = replace(ours, curve=replace(ours.curve, worst_group="Tall men", worst=2.5, youngest=13))
    write_encoder_entry(tmp_path, ours)
    write_encoder_entry(tmp_path, entry("other", 1.0, 0.2))
    card = tmp_path / CARD_NAME
    card.write_text("# Ours\n\n## Beside it\n\nold\n\n## After\n\nstays\n", "utf-8")
    write_beside(tmp_path)
    text = card.read_text("utf-8")
    assert text.startswith("# Ours\n\n## Beside it\n")
    assert text.endswith("\n\n## After\n\nstays\n")
    assert "old" not in text
    assert "| other |" in text
    assert "Tall men, let in 2.5 times" in text
    write_beside(tmp_path)
    assert card.read_text("utf-8") == text


def kept(encoder: str) -> Kept:
    times, share = Times(2.5, 1.5, 3.5), Share(0.0005, 0.0001, 0.0012)
    return Kept(
        encoder,
        "LFW",
        (
            Promise(150, "5", 1e-3, 3e-4, 1e-4, 6e-4, 0.95, 1000),
            Promise(150, "1", 1e-2, 5e-3, 1e-3, 1.2e-2, 0.9, 1000),
            Promise(150, "1", 3e-3, 1e-3, 1e-4, 2e-3, 0.9, 1000),
        ),
        (),
        (Rate("16% of both crops beyond the picture", 1500, 10**6, times, times),),
        (Rate("Tall men", 100, 4950, times, None), Rate("3 to 5 years", 80, 3160, None, None)),
        (Visits("views", 50, 5, 1e-3, 99, share, share, share, share, 0.9, 0.91, 0.92),),
    )


def test_the_card_s_promise_is_what_was_measured(tmp_path: Path) -> None:
    card = tmp_path / CARD_NAME
    card.write_text("# Ours\n\n## The promise\n\nfigures of before\n\n## After\n\nstays\n", "utf-8")
    (tmp_path / "promise.json").write_text(json.dumps(asdict(kept(ENCODER_ID))), "utf-8")
    read = read_kept(tmp_path / "promise.json")
    assert read == kept(ENCODER_ID)
    assert write_promise_section(tmp_path, read) == card
    text = card.read_text("utf-8")
    assert text.startswith("# Ours\n\n## The promise\n\nFigures above")
    assert text.endswith("\n\n## After\n\nstays\n")
    assert "of before" not in text
    assert "| 150 | 5 | 0.30 (0.10 to 0.60) | 95.0% |" in text
    assert "| 150 | 1 |" not in text  # of 1% there is only the worst
    assert "0.50 (0.10 to 1.20), 150 people with 1 photo at 1.0%" in text
    assert "The worst group is Tall men: 2.50 (1.50 to 3.50)." in text
    assert "| 3 to 5 years | 3,160 | too few | too few |" in text
    assert "| 0.50 (0.10 to 1.20) | 0.50 (0.10 to 1.20) | 91.0% |" in text
    write_promise_section(tmp_path, read)
    assert card.read_text("utf-8") == text


def test_what_is_no_promise_or_another_encoder_s_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="run it first"):
        read_kept(tmp_path / "promise.json")
    (tmp_path / "promise.json").write_text("[]", "utf-8")
    with pytest.raises(BadInput, match="run it first"):
        read_kept(tmp_path / "promise.json")
    with pytest.raises(BadInput, match="but is that of dlib-resnet-v1"):
        write_promise_section(tmp_path, kept("dlib-resnet-v1"))
    (tmp_path / CARD_NAME).write_text("# Ours\n", "utf-8")
    with pytest.raises(BadInput, match="should be the card"):
        write_promise_section(tmp_path, kept(ENCODER_ID))
