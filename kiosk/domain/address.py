"""Addresses with a password in them: how they may be shown, and how they are meant.

People write a password as it is printed on the label, with ``# ? / @ :`` and all; a strict parser
ends the password at the first of these and takes the rest for host, path or query. So everything
up to the last ``@`` counts as user and password, and the whole query as secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

HIDDEN: Final = "***"

_SCHEME: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.\-]*)://")
_ENDS_HOST: Final = re.compile(r"[/?#\\]")
_PORT: Final = r"(?::[0-9]{1,5})?"
_IP: Final = r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[[0-9A-Fa-f:.]+(?:%[\w.\-]+)?\])"
_NUMERIC: Final = re.compile(_IP + _PORT)
_HOST: Final = re.compile(rf"({_IP}|[\w\-]+(?:\.[\w\-]+)*\.?){_PORT}")
_BEGINS_SECRET: Final = re.compile(r"[?#;&=@]")
_TO_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~%\-]")
_DOUBTFUL: Final = re.compile(r"[#?/@:% \\]")
# The password may hold spaces: up to the last @ of the line.
_IN_TEXT: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*://)"
    r"(?:(?P<hidden>[*]{3}@)|(?P<login>.*)@(?=[\w\[])|(?P<place>[^\s?#;&]*[?#;&]?)(?P<query>\S*))"
)
_LOCAL_FILES: Final = frozenset({"sqlite", "file"})


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart leniently: :meth:`of` takes any text. Only ``place`` may be shown."""

    scheme: str
    """In small letters; empty where there is none."""
    login: str | None = field(repr=False)
    """User and password as they were written; None where there are none."""
    rest: str = field(repr=False)
    """Host, port, path and query."""
    sure: bool = field(repr=False)
    """Whether no ``@`` stands where it might belong to a password as well as to a path."""

    @classmethod
    def of(cls, text: str) -> Address:
        found = _SCHEME.match(text)
        scheme, body = (found[1].lower(), text[found.end() :]) if found else ("", text)
        body = body.strip()
        authority = _ENDS_HOST.split(body, maxsplit=1)[0]
        login, at, rest = body.rpartition("@")
        sure = len(login) <= len(authority)
        if not sure:
            strict_login, strict_at, host = authority.rpartition("@")
            # A host in figures is a host, and without a colon there is no password: the @ is the
            # path's.
            if _NUMERIC.fullmatch(host) or ":" not in login:
                login, at = strict_login, strict_at
                rest = body[len(login + at) :]
        return cls(scheme, login if at else None, rest, sure)

    @property
    def credentials(self) -> tuple[str, str] | None:
        """User and password as they are meant, their escapes undone; None where none are given."""
        if self.login is None:
            return None
        user, _, password = self.login.partition(":")
        return _meant(user), _meant(password)

    @property
    def doubtful(self) -> bool:
        """Whether user or password hold signs that mean something else in an address, so that they
        may be meant in another way than they are read here."""
        return _DOUBTFUL.search((self.login or "").replace(":", "", 1)) is not None

    def escaped(self) -> str:
        """The address as strict parsers read it rightly. It holds the password."""
        if self.login is None:
            return self.without_login()
        user, colon, password = self.login.partition(":")
        return f"{self.scheme}://{_escape(user)}{colon}{_escape(password)}@{self.rest}"

    def without_login(self) -> str:
        """The address for a library that is given user and password apart; its query may hold
        others."""
        return f"{self.scheme}://{self.rest}"

    @property
    def place(self) -> str:
        """Scheme, host and port, and nothing that may be part of a password."""
        return f"{self.scheme}://{self._host()[0] or HIDDEN}" if self.scheme else HIDDEN

    def shown(self) -> str:
        """As :func:`hide_secrets`."""
        if not self.scheme:
            return (
                _open_part(self.rest) if self.login is None else f"{HIDDEN}@{_open_part(self.rest)}"
            )
        host, certain = self._host()
        login = "" if self.login is None else f"{HIDDEN}@"
        path = _ENDS_HOST.search(self.rest)
        tail = _open_part(self.rest[path.start() :]) if path and host and certain else ""
        return f"{self.scheme}://{login if host else ''}{host or HIDDEN}{tail}"

    def _host(self) -> tuple[str, bool]:
        """Host and port, or nothing where they may be a part of the password; and whether what
        follows them is certainly the path."""
        written = _ENDS_HOST.split(self.rest, maxsplit=1)[0]
        found = _HOST.fullmatch(written)
        if found is None:
            return "", False
        numeric = _NUMERIC.fullmatch(written) is not None
        if not self.sure:
            login = self.login or ""
            by_last_at = ":" in login and re.search(r"[?&;].*=", login, re.DOTALL) is None
            return (
                (written if by_last_at else found[1], False)
                if by_last_at or numeric
                else ("", False)
            )
        # "admin:12345", where the host was forgotten, looks like a host with its port.
        certain = self.login is not None or ":" not in written or numeric or "." in found[1]
        certain = certain or found[1] == "localhost"
        return written if certain else found[1], certain


def hide_secrets(text: str) -> str:
    """An address with ``***`` for user and password and for its query; host and path stay.

    For addresses of cameras, databases and the web, also for ones that are written wrongly: no
    part of a password is left, even where that hides more than the password.
    """
    if is_local(text):
        path, query, _ = text.strip().partition("?")
        return path + query + (HIDDEN if query else "")
    return Address.of(text).shown()


def is_local(text: str) -> bool:
    """Whether an address names a file of this machine, in which an ``@`` is only a sign."""
    found = _SCHEME.match(text)
    return (
        found is not None
        and found[1].lower().partition("+")[0] in _LOCAL_FILES
        and text[found.end() :].startswith("/")
    )


def hide_secrets_in(text: str) -> str:
    """A text for people or for a log, with ``***`` for whatever may be the user, the password or
    the query of an address in it."""
    return "\n".join(_IN_TEXT.sub(_hide, line) for line in text.split("\n"))


def _hide(found: re.Match[str]) -> str:
    if found["hidden"] is not None:
        return found[0]
    if found["login"] is not None:
        return f"{found['scheme']}{HIDDEN}@"
    return f"{found['scheme']}{found['place']}{HIDDEN if found['query'] else ''}"


def _open_part(text: str) -> str:
    """A path up to where a secret may begin: a query, or ``user=admin_password=...`` in it."""
    begin = _BEGINS_SECRET.search(text)
    return text if begin is None else text[: begin.end()] + HIDDEN


def _meant(text: str) -> str:
    data = unquote_to_bytes(text)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _escape(text: str) -> str:
    """Escaped but for the escapes that it holds already."""
    return _TO_ESCAPE.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), text)
