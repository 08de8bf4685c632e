"""promise.png: promised against let in, of every size of gallery."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from kiosk.lab.evaluation.promise import Promise

_LOWEST = 1e-5
"""What is less is drawn here, with an arrow's worth of interval below it."""


def draw(panels: Sequence[tuple[str, Sequence[Promise]]], path: Path) -> None:
    """One panel for each title that has galleries: a line for each size, with the intervals;
    what lies in the shade lets in more than it promised."""
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    shown = [(title, found) for title, found in panels if found]
    figure = Figure(figsize=(5.2 * len(shown), 4.8), dpi=90, layout="constrained")
    everywhere = figure.subplots(1, len(shown), squeeze=False)[0]
    for axes, (title, found) in zip(everywhere, shown, strict=True):
        sizes = [
            (of, sorted(some, key=lambda one: one.promised))
            for of, some in groupby(found, lambda one: (one.people, one.templates))
        ]
        promised = np.unique([one.promised for one in found])
        edges = np.array([promised[0] / 1.6, promised[-1] * 1.6])
        axes.plot(edges, edges, color="black", lw=1)
        axes.fill_between(edges, edges, 1, color="tab:red", alpha=0.07, lw=0)
        for number, ((people, templates), line) in enumerate(sizes):
            # Side by side, or the intervals would hide each other.
            aside = 1.035 ** (number - (len(sizes) - 1) / 2)
            let_in = np.maximum([one.let_in for one in line], _LOWEST)
            low = np.maximum([one.low for one in line], _LOWEST)
            axes.errorbar(
                [one.promised * aside for one in line],
                let_in,
                (np.maximum(let_in - low, 0), np.array([one.high for one in line]) - let_in),
                fmt="o",
                ms=3,
                lw=1,
                color=colormaps["viridis"](number / max(len(sizes) - 1, 1) * 0.9),
                label=f"{people:,} x {templates}",
            )
        axes.set(xscale="log", yscale="log", xlim=edges, ylim=(_LOWEST, edges[1]))
        axes.set_xticks(promised, [f"{100 * one:g}%" for one in promised], minor=False)
        axes.set_xticks([], minor=True)
        axes.set_yticks(10.0 ** np.arange(-5, -1), ["0.001%", "0.01%", "0.1%", "1%"])
        axes.set(xlabel="promised", ylabel="strangers' looks let in")
        axes.set_title(title.replace(" (", "\n("))
        axes.title.set_fontsize(9)
        axes.grid(alpha=0.3)
        axes.legend(title="people x photos", fontsize=7, title_fontsize=7, ncols=2)
    figure.savefig(path)
