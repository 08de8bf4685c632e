"""Addresses: shown without their secrets, read as they are meant."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.domain.address import Address, hide_secrets

HOSTS = ["10.0.0.5", "10.0.0.5:554", "[fe80::1]:554", "cam-3.site.example", "localhost:8080"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("rtsp://10.0.0.5/1", "rtsp://10.0.0.5/1"),
        ("RTSP://10.0.0.5:554/ch1", "rtsp://10.0.0.5:554/ch1"),
        ("rtsp://admin:geheim@10.0.0.5/1", "rtsp://***@10.0.0.5/1"),
        ("rtsp://admin:Sommer#2026@127.0.0.1:554/ch1", "rtsp://***@127.0.0.1:554"),
        ("rtsp://admin:So/mmer@127.0.0.1:554/ch1", "rtsp://***@127.0.0.1:554"),
        ("rtsp://admin:a@b@10.0.0.5/1", "rtsp://***@10.0.0.5/1"),
        ("rtsp://admin:a=b?c@kamera/1", "rtsp://***@kamera"),
        ("rtsp://FIRMA/mueller:geheim@kamera/1", "rtsp://***@kamera"),
        ("http://10.0.0.5/shot@2x.jpg", "http://10.0.0.5"),
        ("http://cam.local/shot@2x.jpg", "http://***"),
        ("http://cam.local/shot.jpg?user=admin&pwd=geheim", "http://cam.local/shot.jpg?***"),
        ("http://cam.local/shot.jpg?pwd=ge@heim", "http://***"),
        ("http://cam.local/t/user=admin_password=geheim_1.sdp", "http://cam.local/t/user=***"),
        ("rtsp://admin:geheim", "rtsp://***"),
        ("rtsp://admin:12345", "rtsp://admin"),
        ("rtsp://admin:1234/56/", "rtsp://admin"),
        ("admin:geheim@10.0.0.5/1", "***@10.0.0.5/1"),
        ("rtsp:/admin:ge/heim@10.0.0.5/1", "***@10.0.0.5/1"),
        ("/home/me/clip.mp4", "/home/me/clip.mp4"),
        ("0", "0"),
        ("", ""),
        ("rtsp://", "rtsp://***"),
        ("rtsp://[", "rtsp://***"),
        (
            "postgresql+psycopg://kiosk:ge/he#im@db.site:5432/kiosk",
            "postgresql+psycopg://***@db.site:5432",
        ),
        ("postgresql://kiosk@db/kiosk?password=geheim", "postgresql://***@db/kiosk?***"),
        ("postgresql:///kiosk?password=geheim", "postgresql://***"),
        ("sqlite:////home/me@work/a=b/kiosk.db", "sqlite:////home/me@work/a=b/kiosk.db"),
        ("sqlite:///kiosk.db?key=geheim", "sqlite:///kiosk.db?***"),
        ("sqlite+pysqlcipher://:geheim@/kiosk.db?cipher=x", "sqlite+pysqlcipher://***"),
    ],
)
def test_what_is_shown(written: str, shown: str) -> None:
    assert hide_secrets(written) == shown


def test_the_place_is_scheme_host_and_port() -> None:
    assert Address.of("rtsp://admin:So#mmer@10.0.0.5:554/ch1").place == "rtsp://10.0.0.5:554"
    assert Address.of("http://cam.local/a?b=c").place == "http://cam.local"
    assert Address.of("rtsps://[fe80::1]:322/user=a_password=b").place == "rtsps://[fe80::1]:322"
    assert Address.of("rtsp://u:geheim@[broken/1").place == "rtsp://***"
    assert Address.of("somewhere").place == "***"


def test_what_holds_a_password_does_not_tell_it() -> None:
    assert "geheim" not in repr(Address.of("rtsp://admin:geheim@10.0.0.5/1?token=geheim"))


def test_escapes_that_are_written_stay_and_others_are_added() -> None:
    address = Address.of("rtsp://admin:50%off %23/ä@10.0.0.5/1")

    assert address.escaped() == "rtsp://admin:50%25off%20%23%2F%C3%A4@10.0.0.5/1"
    assert address.credentials == ("admin", "50%off #/ä")
    assert address.without_login() == "rtsp://10.0.0.5/1"
    assert Address.of("rtsp://10.0.0.5/1").escaped() == "rtsp://10.0.0.5/1"
    assert Address.of("rtsp://10.0.0.5/1").credentials is None
    assert Address.of("rtsp://admin@10.0.0.5/1").credentials == ("admin", "")
    assert Address.of("rtsp://a:%E4@10.0.0.5/1").credentials == ("a", "ä")  # a latin-1 escape


@pytest.mark.parametrize("sign", list("#?/@% :\\"))
def test_signs_that_may_be_meant_in_another_way_are_known(sign: str) -> None:
    assert Address.of(f"rtsp://admin:so{sign}mmer@10.0.0.5/1").doubtful


def test_a_plain_password_is_not_doubtful() -> None:
    assert not Address.of("rtsp://admin:so-mm.er_$!&=1@10.0.0.5/a?b=c#d").doubtful
    assert not Address.of("rtsp://10.0.0.5/a?b=c#d").doubtful


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
spoilt = st.text(st.sampled_from("ab1#?/@:%=&;. \\"), max_size=12)


@given(
    spoilt | texts, spoilt | texts, st.sampled_from(HOSTS), st.sampled_from(["", "/", "/ch1?x=1"])
)
@example("admin", "123/456", "10.0.0.5", "/ch1")
@example("admin", "12345#67890", "10.0.0.5", "/ch1")
@example("a.b", "c?pwd=defgh", "10.0.0.5", "")
def test_no_three_characters_of_a_password_are_ever_shown(
    user: str, password: str, host: str, path: str
) -> None:
    for written in (
        f"rtsp://{user}:{password}@{host}{path}",
        f"postgresql+psycopg://{user}:{password}@{host}{path}",
        f"{user}:{password}@{host}{path}",
        f"http://{host}/snap.jpg?user={user}&pwd={password}",
    ):
        elsewhere = (
            f"{user} rtsp://{host}{path} postgresql+psycopg://{host} http://{host}/snap.jpg?"
        )
        elsewhere += f"*** ://***@{host}{path}"
        runs = {password[i : i + 3] for i in range(len(password) - 2)}
        for shown in (hide_secrets(written), Address.of(written).place, repr(Address.of(written))):
            told = re.sub(r"\w+[=(]", "", shown)  # the names of what a repr shows
            assert not [
                run for run in runs if run in told and run not in elsewhere and run != "***"
            ]


@given(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="%:/?#\\"), min_size=1
    ).filter(lambda user: user == user.strip()),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="%")),
    st.sampled_from(HOSTS),
)
def test_a_password_as_it_is_printed_is_meant(user: str, password: str, host: str) -> None:
    address = Address.of(f"rtsp://{user}:{password}@{host}/ch1")

    assert address.credentials == (user, password)
    strict = urlsplit(address.escaped())
    assert (unquote(strict.username or ""), unquote(strict.password or "")) == (user, password)
    assert (strict.netloc.rpartition("@")[2], strict.path) == (host, "/ch1")
