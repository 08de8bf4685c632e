"""The key in the machine's TPM, by the real systemd-creds with a TPM in software beside it; and by
stand-ins for what it must not be believed."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.errors import EnvironmentFailed, StorageError
from kiosk.services.access.keys import (
    CREDENTIAL,
    CREDENTIALS,
    KEY,
    KEY_FILE,
    SEALED,
    KeyStore,
    Place,
)
from kiosk.services.access.tpm import Tpm
from tests.services.access.software_tpm import software_tpm

ONE = bytes(range(32))


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (KEY, KEY_FILE, CREDENTIALS):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def _machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine with a TPM."""
    with software_tpm(tmp_path / "tpm", monkeypatch):
        yield


with_tpm = pytest.mark.usefixtures("_machine")


@with_tpm
def test_to_the_tpm_and_back(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "config")
    made = store.make().newest
    with store.path.open("rb") as held:
        place = store.move(Place.TPM)
        assert made.hex().encode() not in held.read(), "its digits are not left on the disk"
    assert (place.file, "the TPM of this machine" in place.words) == (None, True)
    files = sorted(store.path.parent.iterdir())
    assert [path.name for path in files] == ["database.key", f"database.key{SEALED}"]
    for path in files:
        assert made.hex().encode() not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ring = KeyStore(tmp_path / "config").read()
    assert ring is not None
    assert ring.newest == made
    assert store.add(ONE).keys == (ONE, made)
    assert store.move(Place.FILE).file == store.path
    assert [path.name for path in store.path.parent.iterdir()] == ["database.key"]
    ring = store.read()
    assert ring is not None
    assert ring.keys == (ONE, made)


@with_tpm
def test_it_is_what_a_unit_loads(tmp_path: Path) -> None:
    """LoadCredentialEncrypted=kiosk-database-key:FILE lays it down as this command does."""
    store = KeyStore(tmp_path)
    made = store.make().newest
    store.move(Place.TPM)
    words = ("decrypt", f"--name={CREDENTIAL}", str(store.path) + SEALED, "-")
    done = subprocess.run(["systemd-creds", *words], capture_output=True, check=True)
    assert done.stdout == made.hex().encode()


@with_tpm
def test_another_machine_does_not_open_it_and_the_paper_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = KeyStore(tmp_path)
    store.make()
    store.move(Place.TPM)
    with software_tpm(tmp_path / "another", monkeypatch):
        with pytest.raises(StorageError, match=r"does not give the key .* `kiosk key restore`"):
            store.read()
        assert store.restore(ONE).keys == (ONE,)
        assert store.place().file == store.path
        store.move(Place.TPM)
        ring = store.read()
        assert ring is not None
        assert ring.keys == (ONE,)


def test_without_a_tpm_it_stays_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYSTEMD_TPM2_DEVICE", "/dev/there-is-none")
    assert_it_stays(tmp_path, Tpm(CREDENTIAL), "The TPM can't be used")


def test_without_systemd_creds_it_stays_in_the_file(tmp_path: Path) -> None:
    assert_it_stays(tmp_path, Tpm(CREDENTIAL, "no-such-program"), "No such file or directory")


HOST = "WhxqHfHfHfHfHfHfHfHfHfHfHfHf"
BY_TPM = "DHzAexF2RZGcSwvqCLwg/iAAAAAB"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (f"echo {HOST}", "without a TPM"),
        ("echo not base64!", "without a TPM"),
        (f"echo {BY_TPM}", "does not give back"),
        ("echo Permission denied. >&2; exit 1", r"\(Permission denied\)"),
        (f"[ $1 = decrypt ] && exit 1; echo {BY_TPM}", r"\(\?\)"),
    ],
)
def test_what_is_not_proven_is_not_taken(tmp_path: Path, script: str, said: str) -> None:
    program = tmp_path / "systemd-creds"
    program.write_text(f"#!/bin/sh\ncat >/dev/null\n{script}\n")
    program.chmod(0o700)
    assert_it_stays(tmp_path / "config", Tpm(CREDENTIAL, str(program)), said)


def assert_it_stays(folder: Path, tpm: Tpm, said: str) -> None:
    store = KeyStore(folder, tpm=tpm)
    made = store.make()
    with pytest.raises(EnvironmentFailed, match=said):
        store.move(Place.TPM)
    assert store.read() == made
    assert [path.name for path in folder.iterdir()] == ["database.key"]


@with_tpm
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_what_root_writes_stays_its_owners(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "config")
    store.make()
    for path in (store.path, store.path.parent):
        os.chown(path, 65534, 65534)
    store.move(Place.TPM)
    assert {path.stat().st_uid for path in store.path.parent.iterdir()} == {65534}
