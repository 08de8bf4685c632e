"""What was altered, in a sentence."""

from __future__ import annotations

from kiosk.domain.chain import Alteration, Altered
from kiosk.domain.language import _, marked

_SAID = {
    Altered.CHANGED: marked("Row {row} of {table} was changed (entry {seq})."),
    Altered.MISSING: marked("Row {row} of {table} is gone (entry {seq})."),
    Altered.ADDED: marked("Row {row} of {table} was put in: the kiosk did not write it."),
    Altered.BROKEN: marked("Entry {seq} of the chain itself was changed, moved or taken out."),
    Altered.CUT: marked(
        "The end is gone: entry {seq} was written, and is not there or is another. The newest rows "
        "were cut off, or this is an older copy."
    ),
    Altered.OTHER_KEY: marked(
        "Entry {seq} was written with another key than the one at hand: whether it is true can't "
        "be told."
    ),
}


def said(one: Alteration) -> str:
    """For people; tables by the names that the database has for them."""
    return _(_SAID[one.what]).format(row=one.row_id, table=one.table, seq=one.seq)
