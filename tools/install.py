"""``pip install`` that says what takes long, a line each, and all else only where it fails."""

from __future__ import annotations

import re
import subprocess
import sys

_LARGE = re.compile(r"\s*Downloading (?:\S*/)?(?P<name>.+?)-\d\S* \((?P<size>[\d.]+ [MG]B)\)")


def shown(line: str) -> str:
    """What a person sees of a line of pip's: downloads from 1 MB on, and the last, longest step."""
    if large := _LARGE.match(line):
        return f"    {large['name']}, {large['size']}\n"
    return "    unpacking\n" if line.startswith("Installing collected packages") else ""


def install(arguments: list[str]) -> int:
    """Run pip; returns its exit status."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
    said = []
    with subprocess.Popen(
        [*command, "--progress-bar", "off", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as pip:
        for line in pip.stdout or ():
            said.append(line)
            sys.stdout.write(shown(line))
            sys.stdout.flush()
    if pip.returncode:
        sys.stderr.write("".join(said[-40:]))
    return pip.returncode


if __name__ == "__main__":
    sys.exit(install(sys.argv[1:]))
