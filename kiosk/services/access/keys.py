"""Where the key of the database is kept: the environment, systemd's credentials, the desktop's
keyring, a file that the machine's TPM sealed, or a file of its owner's only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final, Protocol

from kiosk.domain.errors import BadInput, EnvironmentFailed, StorageError
from kiosk.domain.keys import LENGTH, KeyRing, parse_keys
from kiosk.domain.language import _, marked
from kiosk.services.access.tpm import Tpm
from kiosk.services.private_files import create_private, write_private

KEY: Final = "KIOSK_DATABASE_KEY"
"""The environment's name for the key itself, or several, newest first."""
KEY_FILE: Final = "KIOSK_DATABASE_KEY_FILE"
"""The environment's name for another place of the key file."""
CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
"""Where systemd lays what LoadCredentialEncrypted= names, unsealed by the TPM."""
CREDENTIAL: Final = "kiosk-database-key"
NAME: Final = "database.key"
SEALED: Final = ".tpm"
"""What the name of the sealed file ends in, beside the key file."""
MAX_OLDER: Final = 7
"""Keys from before that are kept, for older backups."""
_SERVICE, _ENTRY = "kiosk", "database key"

_NOT_OURS = marked(
    "The key comes from {place}, which the kiosk can't write. Put the new key first there and the "
    "older ones behind it, and start again: the database is brought under the first."
)


class Place(Enum):
    """Where a key can be. The key file of a place that is no file says its value."""

    VARIABLE = "variable"
    CREDENTIAL = "credential"
    FILE = "file"
    KEYRING = "keyring"
    TPM = "tpm"


OURS: Final = (Place.FILE, Place.KEYRING, Place.TPM)
"""The places that the kiosk writes, between which a key can be moved."""


class KeyGone(StorageError):
    """A place that should have the key does not give it: it must be put back."""


class Keyring(Protocol):
    """The part of the package `keyring` that is used here."""

    def get_password(self, service: str, entry: str, /) -> str | None: ...

    def set_password(self, service: str, entry: str, password: str, /) -> None: ...

    def delete_password(self, service: str, entry: str, /) -> None: ...


def system_keyring() -> Keyring:
    """The desktop's.

    Raises:
        BadInput: the package is not installed.
    """
    try:
        import keyring
    except ImportError:
        raise BadInput(
            _("The keyring needs the package keyring: install the kiosk with kiosk[keyring].")
        ) from None
    # With the package or, where it is not installed, without its types.
    found: Keyring = keyring
    return found


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where the key is, for people; ``file`` is what must not be stolen together with the data,
    where it is a file."""

    words: str
    file: Path | None = None
    writable: bool = False


class KeyStore:
    """``folder`` is where the key file lies unless the environment names another."""

    def __init__(
        self,
        folder: Path,
        keyring: Callable[[], Keyring] = system_keyring,
        tpm: Tpm | None = None,
    ) -> None:
        named = os.environ.get(KEY_FILE, "")
        self.path = Path(named).expanduser() if named else folder / NAME
        self._sealed = self.path.with_name(self.path.name + SEALED)
        self._keyring = keyring
        self._tpm = tpm or Tpm(CREDENTIAL)

    def place(self) -> KeyPlace:
        """Where the key is looked for now.

        Raises:
            StorageError: the key file can't be read.
        """
        match self._where():
            case Place.VARIABLE:
                return KeyPlace(_("the variable {name}").format(name=KEY))
            case Place.CREDENTIAL:
                return KeyPlace(_("systemd's credential {name}").format(name=CREDENTIAL))
            case Place.KEYRING:
                return KeyPlace(_("the keyring of this user"), writable=True)
            case Place.TPM:
                words = _("the TPM of this machine (sealed in {path})").format(path=self._sealed)
                return KeyPlace(words, writable=True)
            case _:
                return KeyPlace(str(self.path), self.path, writable=True)

    def read(self) -> KeyRing | None:
        """The keys; None where there are none yet.

        Raises:
            StorageError: they can't be read, or are none.
        """
        text = self._kept(self._where())
        if text is None:
            return None
        keys, place = parse_keys(text), self.place().words
        if not keys:
            raise KeyGone(
                _(
                    "{place} should hold the key of the database, 64 hexadecimal digits: put it "
                    "back with `kiosk key restore`, or from where you keep it."
                ).format(place=place)
            )
        return KeyRing(keys, place)

    def make(self) -> KeyRing:
        """The first key, in the file; of two that make one at once the first one's stays.

        Raises:
            StorageError: the file can't be written.
        """
        try:
            create_private(self.path, secrets.token_hex(LENGTH))
        except OSError as error:
            raise StorageError(
                _("The key of the database can't be written to {path}: {why}.").format(
                    path=self.path, why=error.strerror
                )
            ) from None
        made = self.read()
        assert made is not None
        return made

    def add(self, key: bytes) -> KeyRing:
        """Keep a key as the newest; the others stay for what is under them.

        Raises:
            BadInput: the place is not the kiosk's to write.
            StorageError, EnvironmentFailed: it can't be written.
        """
        place = self.place()
        if not place.writable:
            raise BadInput(_(_NOT_OURS).format(place=place.words))
        known = self.read()
        older = [one for one in (known.keys if known else ()) if one != key][:MAX_OLDER]
        self._put(self._where(), "\n".join(one.hex() for one in (key, *older)))
        ring = self.read()
        if ring is None or ring.newest != key:
            raise EnvironmentFailed(
                _("{place} did not keep the key: nothing was changed.").format(place=place.words)
            )
        return ring

    def restore(self, key: bytes) -> KeyRing:
        """Keep a key that was put back; in the file, where its place does not give what it had.

        Raises:
            As ``add``.
        """
        try:
            return self.add(key)
        except KeyGone:
            if self._where() is Place.FILE:  # a digit is damaged: somebody may read the others
                aside = self.path.with_name(f"{self.path.name}.unreadable")
                _write(aside, self.path.read_bytes())
            self._put(Place.FILE, key.hex())
            return self.add(key)

    def rotate(
        self,
        database: Path,
        ring: KeyRing,
        is_alone: Callable[[Path, KeyRing], bool],
        settle: Callable[[Path, KeyRing], bytes | None],
    ) -> None:
        """Bring a database under a new key; wherever that is cut off, the next start goes on.
        ``is_alone`` says whether nobody else has it open, ``settle`` brings it under the newest key
        of a ring and returns the one that it is under then.

        Raises:
            BadInput: the database is in use, or the key is not the kiosk's to write.
            StorageError, EnvironmentFailed: one of them can't be read or written.
        """
        in_use = BadInput(
            _("{path} is in use: close the kiosk and whatever else has it open.").format(
                path=database
            )
        )
        if not is_alone(database, ring):
            raise in_use
        # First: a database under a key that is kept nowhere would be lost.
        ring = self.add(secrets.token_bytes(LENGTH))
        if settle(database, ring) != ring.newest:
            raise in_use

    def move(self, to: Place) -> KeyPlace:
        """Take the keys to one of ``OURS``.

        Raises:
            BadInput: there is no key yet, or it lies where the kiosk can't write.
            EnvironmentFailed: the other place does not take it; then it is where it was.
        """
        before, ring = self._where(), self.read()
        if before not in OURS:
            raise BadInput(_(_NOT_OURS).format(place=self.place().words))
        if ring is None:
            raise BadInput(_("There is no key yet: it is made at the kiosk's first start."))
        if before is to:
            return self.place()
        text = "\n".join(key.hex() for key in ring.keys)
        self._put(to, text)
        if to is not Place.FILE:
            if self._kept(to) != text:
                raise EnvironmentFailed(
                    _("The other place did not keep the key: it stays where it is.")
                )
            self._mark(to)
        if before is Place.KEYRING:
            self._keyring().delete_password(_SERVICE, _ENTRY)
        if before is Place.TPM:
            self._sealed.unlink(missing_ok=True)
        return self.place()

    def _where(self) -> Place:
        if os.environ.get(KEY):
            return Place.VARIABLE
        if self._credential() is not None and not os.environ.get(KEY_FILE):
            return Place.CREDENTIAL
        said = self._text()
        return next((place for place in OURS[1:] if said == place.value), Place.FILE)

    def _kept(self, where: Place) -> str | None:
        match where:
            case Place.VARIABLE:
                return os.environ[KEY]
            case Place.CREDENTIAL:
                return self._text(self._credential())
            case Place.KEYRING:
                return self._from_keyring()
            case Place.TPM:
                return self._from_tpm()
            case _:
                return self._text()

    def _put(self, where: Place, text: str) -> None:
        if where is Place.KEYRING:
            self._to_keyring(text)
        elif where is Place.TPM:
            _write(self._sealed, self._tpm.seal(text))
        else:
            _write(self.path, text.encode("ascii"))

    def _mark(self, where: Place) -> None:
        """The key file says where the key is now; its digits do not stay on the disk."""
        with self.path.open("r+b") as before:
            _write(self.path, where.value.encode("ascii"))
            before.write(b"0" * os.fstat(before.fileno()).st_size)
            before.flush()
            os.fsync(before.fileno())

    def _from_tpm(self) -> str:
        try:
            return self._tpm.unseal(self._sealed.read_bytes())
        except OSError as error:
            why = f"{self._sealed}: {error.strerror}"
        except EnvironmentFailed as error:
            why = str(error).rstrip(".")
        raise KeyGone(
            _(
                "The TPM of this machine does not give the key of the database: {why}. After a "
                "change of the firmware or the mainboard put it back with `kiosk key restore`."
            ).format(why=why)
        )

    def _to_keyring(self, text: str) -> None:
        try:
            self._keyring().set_password(_SERVICE, _ENTRY, text)
        except BadInput:
            raise
        except Exception as error:  # each keyring has its own
            raise EnvironmentFailed(
                _("The keyring does not take the key: {why}.").format(why=error or type(error))
            ) from None

    def _from_keyring(self) -> str | None:
        try:
            kept = self._keyring().get_password(_SERVICE, _ENTRY)
        except BadInput:
            raise
        except Exception as error:
            raise StorageError(
                _("The keyring does not give the key of the database: {why}. Unlock it.").format(
                    why=error or type(error)
                )
            ) from None
        if kept is None:
            raise KeyGone(
                _(
                    "The key of the database should be in the keyring of this user, and is not: "
                    "put it back with `kiosk key restore`."
                )
            )
        return kept

    def _credential(self) -> Path | None:
        folder = os.environ.get(CREDENTIALS)
        path = Path(folder) / CREDENTIAL if folder else None
        return path if path is not None and path.exists() else None

    def _text(self, path: Path | None = None) -> str | None:
        path = path or self.path
        try:
            return path.read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            why = error.strerror
        except ValueError:
            return "?"
        raise StorageError(
            _("The key of the database can't be read at {path}: {why}.").format(path=path, why=why)
        )


def _write(path: Path, content: bytes) -> None:
    """For its owner only, who is the folder's where root writes in somebody's place."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, content)
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            folder = path.parent.stat()
            os.chown(path, folder.st_uid, folder.st_gid)
    except OSError as error:
        raise EnvironmentFailed(f"{path}: {error.strerror}.") from None


def missing(database: str, store: KeyStore) -> StorageError:
    """What to say of an encrypted database whose key is not there: a new one would not open it."""
    return StorageError(
        _(
            "The database {database} is encrypted, and its key is not there: {place} has none, nor "
            "have the variables {key} and {file} or systemd's credentials. Put it back from the "
            "paper copy with `kiosk key restore`, or copy the file {name} of the machine that "
            "it was made on."
        ).format(database=database, place=store.place().words, key=KEY, file=KEY_FILE, name=NAME)
    )
