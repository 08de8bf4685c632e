from __future__ import annotations

import pytest

from kiosk.domain.names import folded


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
