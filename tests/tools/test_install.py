from __future__ import annotations

import pytest

from tools.install import install, shown


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  Downloading numpy-2.4.6-cp311-cp311-linux.whl (16.5 MB)\n", "    numpy, 16.5 MB\n"),
        ("Downloading https://files.host/a/py_side-6.1.tar.gz (1.2 GB)\n", "    py_side, 1.2 GB\n"),
        ("Downloading typer-0.29.2-py3-none-any.whl (48 kB)\n", ""),
        ("Collecting numpy\n", ""),
        ("Installing collected packages: numpy, typer\n", "    unpacking\n"),
    ],
)
def test_what_takes_long_is_said(line: str, said: str) -> None:
    assert shown(line) == said


def test_what_fails_is_told_in_pips_own_words(capfd: pytest.CaptureFixture[str]) -> None:
    status = install(["--no-index", "--no-deps", "no-such-package"])

    assert status != 0
    assert "no-such-package" in capfd.readouterr().err
