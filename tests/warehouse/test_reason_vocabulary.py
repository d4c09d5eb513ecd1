"""Every published reason code means what it is listed with."""

import pytest
import reason_build

pytestmark = pytest.mark.skipif(
    not reason_build.VOCABULARIES.is_file(),
    reason="the published vocabularies are not beside the repository (SHARED_DATA_DIR)",
)


def test_every_code_has_the_category_it_is_listed_with() -> None:
    found = {
        (vocabulary, raw): category
        for vocabulary, raw, category in reason_build.built()
        .execute(
            "select reason_vocabulary, raw_reason, reason_category"
            " from intermediate.int_reasons__classified"
        )
        .fetchall()
    }
    wrong = {
        (row["channel"], row["raw_reason"]): (
            found[row["channel"], row["raw_reason"]],
            row["category"],
        )
        for row in reason_build.vocabularies()
        if found[row["channel"], row["raw_reason"]] != row["category"]
    }
    assert not wrong, f"(list, code): (category, listed) {wrong}"


def test_codes_are_found_in_their_own_list() -> None:
    """Nothing is left to rules that is known word for word; only blanks have no row."""
    elsewhere = (
        reason_build.built()
        .execute(
            "select reason_vocabulary, raw_reason, reason_match"
            " from intermediate.int_reasons__classified"
            " where reason_vocabulary != 'any' and reason_key is not null"
            " and reason_match != 'exact_channel'"
        )
        .fetchall()
    )
    assert not elsewhere


def test_a_code_that_means_something_else_elsewhere_stays_in_its_list() -> None:
    found = dict(
        reason_build.built()
        .execute(
            "select reason_vocabulary, reason_match || ':' || reason_category"
            " from intermediate.int_reasons__classified where reason_key = 'customer'"
        )
        .fetchall()
    )
    assert found["shopify_cancel_reason"] == "exact_channel:CUSTOMER"
    assert found["any"] == "rule:UNKNOWN"
