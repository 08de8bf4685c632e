from __future__ import annotations

import pytest

from kiosk.domain.names import folded, isolated, readers_language, sort_key, typeable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("José Núñez", "jose nunez"),
        ("  STRASSE  ", "strasse"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("ﬁne", "fine"),
        ("山田　太郎", "山田 太郎"),
        ("👩‍🔬", "👩‍🔬"),
        ("a\udcffb\0c", "a?b?c"),
        ("Łukasz Nowak", "lukasz nowak"),
        ("Søren Holm", "soren holm"),
        ("Đorđe Ilić", "dorde ilic"),
        ("IŞIK", "isik"),
        ("Işık Kaya", "isik kaya"),
        ("İpek", "ipek"),
        ("Þórður Ægir Œuvre", "thordur aegir oeuvre"),
        ("Ħal Ŧapp Ŋaŋŋa", "hal tapp nanna"),
        ("O’Brien–Smith", "o'brien-smith"),
        ("Иван Петров", "иван петров"),
        ("", ""),
    ],
)
def test_folded(text: str, expected: str) -> None:
    assert folded(text) == expected
    assert folded(folded(text)) == expected


NAMES = "Zoë Åsa Öst Đorđe Dora Eva Łukasz Lena Mia Anna Ärla Иван"


def in_order(language: str) -> str:
    return " ".join(sorted(NAMES.split(), key=lambda name: sort_key(name, language)))


@pytest.mark.parametrize("language", ["", "C.UTF-8", "en_GB.UTF-8", "de", "pl_PL"])
def test_a_letter_stands_with_the_one_that_it_is_written_like(language: str) -> None:
    assert in_order(language) == "Anna Ärla Åsa Dora Đorđe Eva Lena Łukasz Mia Öst Zoë Иван"


def test_after_z_only_where_readers_look_for_it_there() -> None:
    swedish = "Anna Dora Đorđe Eva Lena Łukasz Mia Zoë Åsa Ärla Öst Иван"
    assert in_order("sv_SE.UTF-8") == swedish
    assert in_order("da_DK") == swedish.replace("Åsa Ärla Öst", "Ärla Öst Åsa")


def test_whose_order_it_is() -> None:
    assert readers_language({"LANG": "de_DE", "LC_COLLATE": "sv_SE", "LC_ALL": ""}) == "sv_SE"
    assert readers_language({}) == ""


@pytest.mark.parametrize("name", ["محمد", "יוסף", "Nur نور"])
def test_a_name_from_right_to_left_turns_no_sentence_round(name: str) -> None:
    assert isolated(name) == f"\u2068{name}\u2069"


@pytest.mark.parametrize("name", ["Mia Chen", "王小明", "Łukasz Żółć", "O'Brien (2)", ""])
def test_any_other_name_stays_as_it_is(name: str) -> None:
    assert isolated(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "Mia Chen",
        "Łukasz Żółć",
        "Þórður Ægir",
        "O’Brien–Smith",
        "John Q. Public",
        "Nguyễn Văn",
        "17",
    ],
)
def test_a_name_that_can_be_typed_at_the_door(name: str) -> None:
    assert typeable(name)


@pytest.mark.parametrize(
    "name",
    ["李雷", "Иван Петров", "محمد", "Γιώργος", "דוד", "Mia 李", "Mia (IT)", "김민준", "", "👩‍🔬"],
)
def test_a_name_that_can_not_be_typed_at_the_door(name: str) -> None:
    assert not typeable(name)
