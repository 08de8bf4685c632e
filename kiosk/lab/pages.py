"""Pages for people, from the Jinja2 templates in the folder `templates` beside their module."""

from __future__ import annotations

from pathlib import Path

import jinja2


def page(module: str, name: str, **values: object) -> str:
    """The template `name` of the module whose ``__file__`` is given; of an .html file what is put
    in is escaped.

    Filters: thousands (1,234), fixed(n) and percent(n) digits behind the point, short(n) digits in
    all.  Raises jinja2.UndefinedError where the template names what was not given.
    """
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(module).with_name("templates")),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {
        "thousands": lambda number: f"{number:,}",
        "fixed": lambda value, digits: f"{value:.{digits}f}",
        "percent": lambda value, digits=2: f"{100 * value:.{digits}f}%",
        "short": lambda value, digits=6: f"{value:.{digits}g}",
    }
    return templates.get_template(name).render(values)
