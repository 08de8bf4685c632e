"""Writes docs/settings.md from the settings as they are declared: python -m tools.settings_page"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from kiosk.domain.settings import SettingInfo, Settings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"


def page() -> str:
    """The page's text."""
    lines = [
        "# Settings",
        "",
        "On the panel's page **Settings**, stored in the database. Written by",
        "`python -m tools.settings_page` from `kiosk/domain/settings.py`.",
    ]
    for group, settings in groupby(Settings.about(), key=lambda setting: setting.group):
        lines += ["", f"## {group}", "", "| setting | default | allowed | |", "|---|---|---|---|"]
        lines += [
            f"| {info.title} (`{info.name}`) | {_default(info)} | {_allowed(info)} | {info.help} |"
            for info in settings
        ]
    return "\n".join(lines) + "\n"


def _default(info: SettingInfo) -> str:
    if info.default == "":
        return info.blank
    told = str(info.default)
    return f"{told} ({info.blank})" if info.nothing(info.default) else told


def _allowed(info: SettingInfo) -> str:
    if info.choices:
        return ", ".join(f"`{value}` ({words})" for value, words in info.choices)
    if isinstance(info.default, bool):
        return "on or off"
    if info.low is not None:
        return f"{info.low:g} to {info.high:g} {info.unit}".strip()
    return "text"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
