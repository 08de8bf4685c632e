"""Whether a list of models is the one that ships: its signature, and who made it."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk.domain.errors import BadInput, ModelError
from kiosk.domain.language import _
from kiosk.resources import MODELS
from kiosk.vision import manifest_key
from kiosk.vision.manifest_key import MANIFEST_KEY
from kiosk.vision.minisign import BadSignature, PublicKey, SecretKey

SUFFIX: Final = ".minisig"


def must_be_signed(models: Path, shipped: Path = MODELS) -> bool:
    """What ships must be; another folder, which the lab or a test was told by name, is theirs."""
    return models.resolve() == shipped.resolve()


def check_signature(manifest: Path, content: bytes, key: str = MANIFEST_KEY) -> str:
    """Who signed the ``content`` of this file, and when: the trusted comment. 0.2 ms.

    Raises:
        ModelError: the signature beside it is missing, or not the program's own.
    """
    beside = manifest.with_name(manifest.name + SUFFIX)
    try:
        return PublicKey.parse(key).verify(content, beside.read_text("utf-8"))
    except OSError as error:
        why = str(error.strerror)
    except (BadSignature, UnicodeDecodeError) as error:
        why = str(error)
    raise ModelError(
        _(
            "The list of models {path} is not signed by whoever made this program ({why}), so none "
            "of its models is used and nobody is let in. Restore the folder models from the "
            "release; who trains their own signs it: python -m kiosk.lab sign-manifest."
        ).format(path=manifest, why=why)
    )


def key_file() -> Path:
    """Where the secret key of whoever makes releases lies, unless told otherwise."""
    from platformdirs import user_config_path

    return user_config_path("kiosk", appauthor=False) / "manifest.key"


def ready_to_sign(models: Path) -> None:
    """Before something is written into the list that ships; nothing for another folder.

    Raises:
        BadInput: the key that it is signed with is not here.
    """
    if must_be_signed(models) and read_key(key_file()).public.text() != MANIFEST_KEY:
        raise BadInput(
            _(
                "The list of models is signed with another key than that of {path}; run "
                "`python -m kiosk.lab sign-manifest` first."
            ).format(path=key_file())
        )


def sign_anew(manifest: Path) -> None:
    """With the key of whoever makes releases; raises BadInput where it is not here."""
    sign(manifest, read_key(key_file()))


def sign(manifest: Path, key: SecretKey) -> None:
    """Write the signature beside the list."""
    now = datetime.now(UTC)
    text = key.sign(manifest.read_bytes(), f"{manifest.name} of kiosk, signed {now:%Y-%m-%d}")
    beside = manifest.with_name(manifest.name + SUFFIX)
    partial = beside.with_suffix(".partial")
    partial.write_text(text, "utf-8")
    partial.replace(beside)


def read_key(path: Path) -> SecretKey:
    """A secret key's file.

    Raises:
        BadInput: it can't be read, or is none.
    """
    try:
        return SecretKey.parse(path.read_text("ascii"))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BadInput(
            _(
                "{path} should hold the secret key that models are signed with, in minisign's form "
                "and without a password, but does not ({why}); make one with `python -m kiosk.lab "
                "sign-manifest`, which changes the program's key with it."
            ).format(path=path, why=why)
        ) from None


def make_key(path: Path) -> SecretKey:
    """A new key, readable for its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = SecretKey(secrets.token_bytes(8), secrets.token_bytes(32))
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key.text())
    return key


def write_program_key(key: PublicKey) -> Path:
    """Make it the one that the program asks for, from its next start on."""
    path = Path(manifest_key.__file__)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    named = "MANIFEST_KEY: Final = "
    path.write_text(
        "".join(f'{named}"{key.text()}"\n' if line.startswith(named) else line for line in lines),
        "utf-8",
    )
    return path
