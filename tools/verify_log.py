"""Whether a kiosk's record stands as it was written: for whoever wants to trust neither the kiosk
nor its makers. Standard library only; reads a database file (or a copy), changes nothing.

    kiosk log extract record.db
    python verify_log.py record.db record.key [HEADS]

The kiosk's own file is encrypted; the first line writes the record, as it is stored, into one that
Python's sqlite3 reads. Of a kiosk that does not encrypt, kiosk.db can be given as it is.

How it works. Each row of the record has an entry in the table ``chain``, numbered from 1 without a
gap. An entry keeps

    content = SHA-256 of the row: JSON [[column, value], ...] of its columns that hold anything, by
              name, but search_name, which follows from others; bytes in hexadecimal;
    link    = HMAC-SHA256 by the key in record.key of the link before (32 zeros before the first),
              the entry's number (8 bytes, big-endian), table, 0, row, 0, and content.

So a row that was changed has another content, one that is gone has an entry and no row, one that
was put in has a row and no entry, and an entry that was changed, moved or taken out breaks the
links, which nobody can make anew without the key. Entries cut off at the end are missed by HEADS,
a file that names entries by number and link: the JSON that the kiosk keeps apart from the database,
the lines that it writes into a folder of yours, or what you scanned from paper or wrote down
yourself, such as 1234:0f3a9c5e7b1d2468.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

TABLES = (
    "events",
    "clock_events",
    "clock_strikes",
    "audit",
    "rotas",
    "rota_assignments",
    "absences",
    "periods",
    "period_lines",
    "correction_requests",
    "consents",
)


def content(row: sqlite3.Row) -> bytes:
    columns = [
        [name, row[name].hex() if isinstance(row[name], bytes) else row[name]]
        for name in sorted(row.keys())
        if row[name] is not None and name != "search_name"
    ]
    return hashlib.sha256(json.dumps(columns, separators=(",", ":")).encode()).digest()


def raw(value: object) -> bytes:
    """SQLite keeps whatever is put into a column, a text among bytes, too."""
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogateescape")


def next_link(key: bytes, before: bytes, entry: sqlite3.Row) -> bytes:
    place = f"{entry['of']}\0{entry['row_id']}\0".encode(errors="surrogateescape")
    told = before + entry["seq"].to_bytes(8) + place + raw(entry["content"])
    return hmac.digest(key, told, "sha256")


def problems(database: sqlite3.Connection, key: bytes, heads: set[tuple[int, str]]) -> list[str]:
    found, newest, links, before, count = [], {}, {}, bytes(32), 0
    key_id = hashlib.sha256(b"kiosk chain key\0" + key).hexdigest()[:8]
    for entry in database.execute("SELECT * FROM chain ORDER BY seq"):
        link = raw(entry["link"])
        if entry["key_id"] != key_id:
            found.append(f"entry {entry['seq']}: written with another key")
        elif entry["seq"] != count + 1 or not hmac.compare_digest(
            link, next_link(key, before, entry)
        ):
            found.append(f"entry {entry['seq']}: changed, moved, or one before it is gone")
        before, count = link, entry["seq"]
        newest[entry["of"], entry["row_id"]] = entry
        links[count] = link.hex()
    for number, link in sorted(heads):
        if not links.get(number, "").startswith(link):
            found.append(f"the end is cut: entry {number} is gone or another")
    for table in TABLES:
        for row in database.execute(f"SELECT * FROM {table}"):
            entry = newest.pop((table, row["id"]), None)
            if entry is None:
                found.append(f"{table}, row {row['id']}: put in")
            elif content(row) != entry["content"]:
                found.append(f"{table}, row {row['id']}: changed (entry {entry['seq']})")
    found += [f"{of}, row {row_id}: gone" for of, row_id in newest]
    return found


def main(arguments: list[str]) -> int:
    if len(arguments) not in (2, 3):
        print(__doc__)
        return 2
    key = bytes.fromhex(Path(arguments[1]).read_text().strip())
    text = Path(arguments[2]).read_text() if len(arguments) == 3 else ""
    named = re.findall(r'(\d+)(?:, "link": "|:)([0-9a-f]{16,64})(?![0-9a-f])', text.lower())
    if text and not named:
        sys.exit(f"{arguments[2]} names no entry")
    address = f"{Path(arguments[0]).resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as database:
        database.row_factory = sqlite3.Row
        database.text_factory = lambda text: text.decode(errors="surrogateescape")
        found = problems(database, key, {(int(number), link) for number, link in named})
        last = database.execute("SELECT max(seq) AS seq, count(*) AS n FROM chain").fetchone()
    for problem in found:
        print(problem)
    print(f"{last['n']} entries, the newest is no. {last['seq']}: ", end="")
    print("ALTERED" if found else "all stands as it was written")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
