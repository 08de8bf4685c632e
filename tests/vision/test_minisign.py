"""Signatures as minisign itself made them, and what is none."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.vision.minisign import BadSignature, PublicKey, SecretKey

CONTENT = b'{"a": 1}'
# By minisign 0.11: minisign -G -W; minisign -S -m x.json -t "a trusted comment"
KEY = "RWR79L7Uk982hxGx98iDklMZCDml5oVqr8g97VdsvakMMFXh0O4pkL8N"
SIGNATURE = """untrusted comment: signature from minisign secret key
RUR79L7Uk982h5gHDsxMVa9UpzGC5hC11lgqQvDkH1byY9pUj3J9QHZNItEibzr2FL/Sg3hicGpZD4c0qwZ111ssnejmExAk5g4=
trusted comment: a trusted comment
n6dmShdDm9XwVMjksiw9rbajFGX0JJiIiXiawBAD78YdVM2s86FXaBjKdnBUBfKJQYP1QH1CwYg1SpaKOJQXDw==
"""
SECRET = SecretKey(b"12345678", bytes(range(32)))


def test_a_signature_that_minisign_made() -> None:
    assert PublicKey.parse(KEY).verify(CONTENT, SIGNATURE) == "a trusted comment"


def test_our_own_says_the_same() -> None:
    made = SECRET.sign(CONTENT, "of today")
    read = SecretKey.parse(SECRET.text())

    assert read == SECRET
    assert PublicKey.parse(read.public.text()).verify(CONTENT, made) == "of today"


@pytest.mark.parametrize(
    ("content", "signature", "why"),
    [
        (CONTENT + b" ", SIGNATURE, "another content"),
        (CONTENT, SIGNATURE.replace("a trusted", "another"), "another content"),
        (CONTENT, SECRET.sign(CONTENT, "of today"), "another key"),
        (CONTENT, "", "no signature"),
        (CONTENT, SIGNATURE.replace("RUR7", "RWR7"), "another kind"),
        (CONTENT, SIGNATURE.replace("RUR7", "!"), "cut off"),
        (CONTENT, "\n".join(SIGNATURE.splitlines()[:3]), "no signature"),
    ],
)
def test_what_is_not_its_signature(content: bytes, signature: str, why: str) -> None:
    with pytest.raises(BadSignature, match=why):
        PublicKey.parse(KEY).verify(content, signature)


def test_each_letter_counts() -> None:
    """Of both signatures and the comment: no other text of this form passes."""
    key = PublicKey.parse(KEY)
    first, made, comment, sealed = SIGNATURE.splitlines()
    for number, line in enumerate((made, comment[17:], sealed)):
        for place in range(0, len(line) - 2, 3):
            other = line[:place] + ("A" if line[place] != "A" else "B") + line[place + 1 :]
            lines = [first, made, comment, sealed]
            lines[number + 1] = comment[:17] + other if number == 1 else other
            with pytest.raises(BadSignature):
                key.verify(CONTENT, "\n".join(lines))


@pytest.mark.parametrize("text", ["", "RWR7", "untrusted comment: x\n" + "A" * 212])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(BadSignature):
        PublicKey.parse(text)
    with pytest.raises(BadSignature):
        SecretKey.parse(text)


@pytest.mark.skipif(not shutil.which("minisign"), reason="minisign is not installed")
def test_minisign_reads_ours(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(CONTENT)
    (tmp_path / "x.minisig").write_text(SECRET.sign(CONTENT, "of today"))
    (tmp_path / "secret").write_text(SECRET.text())

    def minisign(*words: str) -> str:
        done = subprocess.run(
            ["minisign", *words], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout

    assert "verified" in minisign("-Vm", "x", "-P", SECRET.public.text())
    minisign("-S", "-W", "-s", "secret", "-m", "x", "-t", "by minisign")
    signature = (tmp_path / "x.minisig").read_text()
    assert SECRET.public.verify(CONTENT, signature) == "by minisign"
