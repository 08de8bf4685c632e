"""What fuzzing is made of: damage to real files, and what is asked of every answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import reduce

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

LONGEST = timedelta(seconds=30)
"""For one input, on a busy machine: what takes longer hangs."""

_BYTES = st.one_of(
    st.binary(min_size=1, max_size=8),
    st.sampled_from(
        [b"\0" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\xff\xff\xff\x7f"]
    ),
)
_DAMAGE = st.tuples(
    st.sampled_from(["set", "put", "cut", "copy", "end"]),
    # Headers lie at the beginning: half of the damage is done there.
    st.one_of(st.integers(0, 200), st.floats(0, 1)),
    _BYTES,
    st.integers(1, 2000),
)


class Content(bytes):
    """Of a file; too long to be printed, and the blob that Hypothesis prints repeats it."""

    def __repr__(self) -> str:
        return f"<{len(self)} bytes: {bytes(self[:40])!r}>"


def fuzzed(share: float = 1.0) -> settings:
    """Of the profile in force, so many inputs; one that hangs fails."""
    return settings(
        max_examples=max(10, round(settings.default.max_examples * share)),
        deadline=LONGEST,
        suppress_health_check=list(HealthCheck),
    )


def damaged(data: bytes, most: int = 4) -> st.SearchStrategy[bytes]:
    """A file with up to so many places damaged."""
    return st.lists(_DAMAGE, min_size=1, max_size=most).map(
        lambda all_: Content(reduce(_hurt, all_, data))
    )


def one_of_damaged(files: Iterable[bytes], most: int = 4) -> st.SearchStrategy[bytes]:
    return st.sampled_from(list(files)).flatmap(lambda data: damaged(data, most))


def _hurt(data: bytes, damage: tuple[str, float, bytes, int]) -> bytes:
    kind, where, new, size = damage
    at = int(where * len(data)) if isinstance(where, float) else min(where, len(data))
    match kind:
        case "set":
            return data[:at] + new + data[at + len(new) :]
        case "put":
            return data[:at] + new + data[at:]
        case "cut":
            return data[:at] + data[at + size :]
        case "copy":
            return data[:at] + data[at : at + size] + data[at:]
        case _:
            return data[:at]


def check_sentence(error: BaseException, begin: str = "") -> None:
    """It can be shown to a person: a text that begins so, nothing of our insides."""
    text = str(error)
    assert text.strip()
    assert begin in text
    assert "Traceback" not in text
    assert "object at 0x" not in text
    text.encode("utf-8", "replace")
