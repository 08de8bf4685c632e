"""No part of a password is ever printed, whatever signs it holds and whichever command fails."""

from __future__ import annotations

import contextlib
import io
import re

from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from kiosk.cli.program import execute
from kiosk.domain.address import hide_secrets_in

PASSWORDS = st.text("QZXJKW7#?/@:% &=", min_size=4, max_size=14).filter(
    lambda text: text.strip() == text and re.search(r"[A-Z7]", text)
)
COMMANDS = (
    "people list", "people remove x", "log export", "doctor", "compare a.jpg b.jpg",
    "enrol x a.jpg", "replay a.mp4", "no-such-command", "people list too many", "run --json",
    "attendance export", "audit list", "reset-pin --yes", "backup now x.db",
    "backup list", "backup verify",
)  # fmt: skip


def printed(words: list[str]) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        assert execute(words) == 2
    return out.getvalue() + err.getvalue()


def told(password: str, text: str) -> list[str]:
    runs = (password[at : at + 3] for at in range(len(password) - 2))
    return [run for run in runs if run in text and re.search(r"[A-Z7].*[A-Z7]", run)]


@examples(max_examples=60)
@given(
    PASSWORDS,
    st.sampled_from(COMMANDS),
    st.sampled_from(["postgresql+psycopg", "postgresql", "mysql", "nothing"]),
    st.booleans(),
    st.booleans(),
)
@example("Q#Z?X/J@K", "people list", "postgresql+psycopg", False, False)
def test_no_part_of_a_databases_password_is_printed(
    password: str, command: str, scheme: str, before: bool, as_json: bool
) -> None:
    option = ["--database-url", f"{scheme}://kiosk:{password}@127.0.0.1:1/kiosk"]
    words = command.split() + (["--json"] if as_json else [])
    text = printed([*option, *words] if before else [*words, *option])

    assert not told(password, text), text
    assert "Traceback" not in text


@given(PASSWORDS)
def test_no_part_is_left_in_a_line_of_a_log(password: str) -> None:
    text = hide_secrets_in(
        f"first line\nrtsp://admin:{password}@10.0.0.5:554/ch1 failed\nhttp://h/p?user=a&pw=b ok"
    )

    assert text == "first line\nrtsp://***@10.0.0.5:554/ch1 failed\nhttp://h/p?*** ok"


def test_a_sentence_that_hides_already_stays_as_it_is() -> None:
    text = "rtsp://***@10.0.0.5 does not answer; write to desk@example.org, see https://a.b/c."

    assert hide_secrets_in(text) == text
