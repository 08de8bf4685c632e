"""The threshold for an administrator: what it costs, and what another would have changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.decision import NOT_KNOWN, Decision, Mode, Outcome
from kiosk.domain.gallery import Gallery
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.records import EventFilter, Records
from kiosk.domain.scale import HIGHEST
from kiosk.services.admin.access_log import pages


@dataclass(frozen=True, slots=True, eq=False)
class SiteScores:
    """Scores among this site's own templates: ``genuine`` of the same person's, ``impostor`` of
    one person's templates beside another's, both as the gallery has them (the mean)."""

    genuine: NDArray[np.float32]
    impostor: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Change:
    """Logged decisions that a new threshold would have turned round, newest first."""

    now_refused: tuple[Decision, ...]
    now_allowed: tuple[Decision, ...]
    looked_at: int


def site_scores(storage: Records, encoder: EncoderInfo, *, limit: int = 2000) -> SiteScores:
    """Compare the site's templates with each other; of more than ``limit`` templates the first
    are taken."""
    templates = storage.people.templates(encoder.encoder_id)[:limit]
    if not templates:
        return SiteScores(np.empty(0, np.float32), np.empty(0, np.float32))
    vectors = np.stack([template.vector for template in templates])
    owners = np.array([template.person_id for template in templates])
    upper = np.triu(np.ones((len(owners), len(owners)), bool), 1)
    same = owners[:, None] == owners[None, :]
    genuine = encoder.scale.matrix(vectors, vectors)[upper & same]
    people = Gallery.of(templates, encoder.scale).matrix
    impostor = encoder.scale.matrix(people, people)[np.triu_indices(len(people), 1)]
    return SiteScores(genuine.astype(np.float32), impostor.astype(np.float32))


def gallery_here(storage: Records, encoder: EncoderInfo) -> Gallery:
    """Everybody who is enrolled at this site, as the door has them."""
    name = encoder.encoder_id
    kept = storage.people.known(name, encoder.scale.cohort_key())
    return Gallery.of(storage.people.templates(name), encoder.scale, known=kept)


def what_would_change(
    storage: Records, encoder_id: str, threshold: float, since: datetime
) -> Change:
    """The walk-up and claimed decisions since a moment (UTC) that would have come out otherwise.

    A logged score is the mean over the frames that agreed, so this is what the log can tell, not
    a replay.
    """
    refused, allowed = [], []
    count = 0
    for row in pages(storage.events, EventFilter(since=since)):
        if row.score is None or row.encoder_id != encoder_id or row.mode is Mode.PIN:
            continue
        count += 1
        if row.outcome is Outcome.ALLOW and row.score < threshold:
            refused.append(row)
        elif row.reason in NOT_KNOWN and threshold <= row.score < (row.threshold or HIGHEST):
            allowed.append(row)
    return Change(tuple(refused), tuple(allowed), count)
