"""Where the key of the database is kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kiosk.domain.errors import BadInput, EnvironmentFailed, StorageError
from kiosk.domain.keys import from_paper, on_paper
from kiosk.services.access.keys import (
    CREDENTIAL,
    CREDENTIALS,
    KEY,
    KEY_FILE,
    KeyStore,
    Place,
    missing,
)

ONE, TWO = bytes(range(32)), bytes(range(32, 64))


class Fake:
    """A keyring in memory, as the package `keyring` has them."""

    def __init__(self, forgets: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.forgets = forgets

    def get_password(self, service: str, entry: str) -> str | None:
        return self.kept.get((service, entry))

    def set_password(self, service: str, entry: str, password: str) -> None:
        self.kept[service, entry] = password[:5] if self.forgets else password

    def delete_password(self, service: str, entry: str) -> None:
        del self.kept[service, entry]


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (KEY, KEY_FILE, CREDENTIALS):
        monkeypatch.delenv(name, raising=False)


def test_the_first_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "config")
    assert store.read() is None
    made = store.make()
    assert store.make() == made == store.read()
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert store.place().file == store.path
    assert made.newest.hex() not in repr(made)


def test_what_stands_first_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    KeyStore(tmp_path).make()
    (tmp_path / CREDENTIAL).write_text(TWO.hex())
    monkeypatch.setenv(CREDENTIALS, str(tmp_path))
    ring = KeyStore(tmp_path).read()
    assert ring is not None
    assert (ring.newest, "credential" in ring.place) == (TWO, True)
    monkeypatch.setenv(KEY, f"{ONE.hex()},{TWO.hex()}")
    ring = KeyStore(tmp_path).read()
    assert ring is not None
    assert ring.keys == (ONE, TWO)
    with pytest.raises(BadInput, match=f"the variable {KEY}, which the kiosk can't write"):
        KeyStore(tmp_path).add(TWO)


def test_a_file_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "stick" / "key"))
    store = KeyStore(tmp_path)
    store.make()
    assert store.path == tmp_path / "stick" / "key"
    assert store.path.exists()


def test_a_new_key_stands_before_the_older_ones(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    first = store.make().newest
    assert store.add(ONE).keys == (ONE, first)
    assert store.add(first).keys == (first, ONE)
    for number in range(20):
        store.add(bytes([number]) * 32)
    ring = store.read()
    assert ring is not None
    assert len(ring.keys) == 8


@pytest.mark.parametrize("text", ["", "5a", "zz" * 32, "\xe4" * 64])
def test_what_is_no_key_is_said(tmp_path: Path, text: str) -> None:
    store = KeyStore(tmp_path)
    store.path.write_text(text, "latin-1")
    with pytest.raises(StorageError, match=r"should hold the key of the database"):
        store.read()


def test_to_the_keyring_and_back(tmp_path: Path) -> None:
    fake = Fake()
    store = KeyStore(tmp_path, lambda: fake)
    with pytest.raises(BadInput, match="no key yet"):
        store.move(Place.KEYRING)
    made = store.make().newest
    with store.path.open("rb") as held:
        assert store.move(Place.KEYRING).file is None
        assert made.hex().encode() not in held.read(), "its digits are not left on the disk"
    assert made.hex().encode() not in store.path.read_bytes()
    ring = KeyStore(tmp_path, lambda: fake).read()
    assert ring is not None
    assert (ring.newest, ring.place) == (made, "the keyring of this user")
    assert store.add(ONE).keys == (ONE, made)
    assert store.move(Place.FILE).file == store.path
    assert fake.kept == {}
    ring = store.read()
    assert ring is not None
    assert ring.keys == (ONE, made)


def test_a_keyring_that_forgets_takes_nothing_over(tmp_path: Path) -> None:
    fake = Fake(forgets=True)
    store = KeyStore(tmp_path, lambda: fake)
    made = store.make()
    with pytest.raises(EnvironmentFailed, match="did not keep"):
        store.move(Place.KEYRING)
    assert store.read() == made


def test_an_empty_keyring_is_a_sentence(tmp_path: Path) -> None:
    fake = Fake()
    store = KeyStore(tmp_path, lambda: fake)
    store.make()
    store.move(Place.KEYRING)
    fake.kept.clear()
    with pytest.raises(StorageError, match="should be in the keyring"):
        store.read()


@pytest.mark.parametrize("spoilt", ["5a", "keyring"])
def test_a_place_that_does_not_give_the_key_takes_it_back(tmp_path: Path, spoilt: str) -> None:
    """It said `put it back with kiosk key restore`, which said the same."""
    store = KeyStore(tmp_path, Fake)
    store.path.write_text(spoilt)
    with pytest.raises(StorageError, match="kiosk key restore"):
        store.add(ONE)
    assert store.restore(ONE).keys == (ONE,)
    assert store.place().file == store.path
    aside = [path.read_text() for path in tmp_path.glob("*.unreadable")]
    assert aside == ([spoilt] if spoilt == "5a" else [])


def test_a_missing_key_is_told_with_what_to_do(tmp_path: Path) -> None:
    told = str(missing("/data/kiosk.db", KeyStore(tmp_path)))
    assert str(tmp_path / "database.key") in told
    assert "kiosk key restore" in told


def test_a_key_on_paper(tmp_path: Path) -> None:
    text = on_paper(TWO)
    assert [len(line.split()) for line in text.splitlines()] == [4, 4, 4, 4, 1]
    assert from_paper(text) == TWO
    assert from_paper(text.replace(" ", "").upper()) == TWO
    for wrong in (text[:-1], text.replace("2", "3", 1), "", "ada"):
        with pytest.raises(BadInput, match="a digit was read wrongly"):
            from_paper(wrong)
