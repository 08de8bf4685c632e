from __future__ import annotations

from kiosk.services.access.recovery_code import LETTERS, code_fits, code_hash, new_code


def test_a_code_has_125_bits_and_no_letter_that_is_taken_for_another() -> None:
    codes = {new_code() for _ in range(50)}
    assert len(codes) == 50
    assert len(LETTERS) == 32
    for code in codes:
        assert [len(group) for group in code.split("-")] == [5] * 5
        assert not set(code) & set("ILOU")


def test_it_fits_however_it_is_typed() -> None:
    stored = code_hash("01ABC-23DEF-45GHJ-67KMN-89PQR")
    assert code_fits(stored, "oiabc 23def 45ghj67kmn 89pqr")
    assert code_fits(stored, "0LABC-23DEF-45GHJ-67KMN-89PQR")
    assert not code_fits(stored, "01ABC-23DEF-45GHJ-67KMN-89PQS")


def test_where_none_is_kept_none_fits() -> None:
    assert not code_fits("", "")
    assert not code_fits("", "01ABC-23DEF-45GHJ-67KMN-89PQR")
