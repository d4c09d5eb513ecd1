"""Numbers and dates: what is read, into what, and what is refused."""

import pytest

from extract.marketplace.dates import Rewritten, check_format, contradict, date_reader
from extract.marketplace.numbers import NumberStyle, number_reader

DOT = NumberStyle(".", thousands=False)
DOT_GROUPED = NumberStyle(".", thousands=True)
COMMA = NumberStyle(",", thousands=False)
COMMA_GROUPED = NumberStyle(",", thousands=True)
COMMA_SEEN = NumberStyle(",", thousands=True, needs_decimals=True)
DOT_SEEN = NumberStyle(".", thousands=True, needs_decimals=True)


@pytest.mark.parametrize(
    ("style", "sent", "expected"),
    [
        (DOT, "12", "12"),
        (DOT, "-12.50", "-12.50"),
        (DOT, "+3", "3"),
        (DOT, ".5", "0.5"),
        (DOT, "5.", "5"),
        (DOT, "0021.380", "0021.380"),
        (DOT, "1,234.56", "bad_number"),
        (DOT, "21,38", "bad_number"),
        (DOT, "1e5", "bad_number"),
        (DOT, "1.5E-3", "bad_number"),
        (DOT, "12-", "bad_number"),
        (DOT, "(12)", "bad_number"),
        (DOT, "£5", "bad_number"),
        (DOT, "5 000", "bad_number"),
        (DOT, "NULL", "bad_number"),
        (DOT, "nan", "bad_number"),
        (DOT, "١٢", "bad_number"),
        (DOT, "-", "bad_number"),
        (DOT, ".", "bad_number"),
        (DOT_GROUPED, "1,234.56", "1234.56"),
        (DOT_GROUPED, "1,234", "1234"),
        (DOT_GROUPED, "-1,234,567", "-1234567"),
        (DOT_GROUPED, "1,23", "bad_number"),
        (DOT_GROUPED, "1,2345.6", "bad_number"),
        (COMMA, "21,38", "21.38"),
        (COMMA, "21.38", "bad_number"),
        (COMMA, "1.234,56", "bad_number"),
        (COMMA_GROUPED, "1.234,56", "1234.56"),
        (COMMA_GROUPED, "1.234", "1234"),
        (COMMA_GROUPED, "1.234.567", "1234567"),
        (COMMA_SEEN, "1.234,56", "1234.56"),
        (COMMA_SEEN, "1.234.567,8", "1234567.8"),
        (COMMA_SEEN, "1,234", "1.234"),
        (COMMA_SEEN, "1.234", "bad_number"),
        (COMMA_SEEN, "21.38", "bad_number"),
        (DOT_SEEN, "1,234.5", "1234.5"),
        (DOT_SEEN, "1,234", "bad_number"),
        (DOT_SEEN, "1.234", "1.234"),
    ],
)
def test_a_number_is_read_only_in_the_style_of_its_file(
    style: NumberStyle, sent: str, expected: str
) -> None:
    assert number_reader(style)(sent) == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("2025-07-10", "2025-07-10"),
        ("2025-07-10T08:04:21", "2025-07-10T08:04:21"),
        ("2025-07-10 08:04:21", "2025-07-10T08:04:21"),
        ("2025-07-10 08:04", "2025-07-10T08:04:00"),
        ("2017-06-17T08:04:21+00:00", "2017-06-17T08:04:21+00:00"),
        ("2017-06-17T08:04:21Z", "2017-06-17T08:04:21+00:00"),
        ("2017-06-17 08:04:21 UTC", "2017-06-17T08:04:21+00:00"),
        ("2017-06-17T08:04:21.125-0530", "2017-06-17T08:04:21.125-05:30"),
        ("2017-06-17T08:04:21+04", "2017-06-17T08:04:21+04:00"),
        ("2024-02-29", "2024-02-29"),
        ("2023-02-29", "bad_date"),
        ("2023-02-30T10:00:00", "bad_date"),
        ("2023-13-01", "bad_date"),
        ("2023-01-01T24:00:00", "bad_date"),
        ("2023-01-01T10:61:00", "bad_date"),
        ("2023-01-01T10:00:00+15:00", "bad_date"),
        ("2013-01-07 07:35:42 PST", "bad_date"),
        ("20230101", "bad_date"),
        ("45123", "bad_date"),
        ("0000-00-00", "bad_date"),
        ("10-Jul-2025", "bad_date"),
        ("06/09/22", "ambiguous_date"),
        ("06/09/2022", "ambiguous_date"),
        ("6.9.22", "ambiguous_date"),
        ("06/09/22 10:00", "ambiguous_date"),
        ("13/09/22", "bad_date"),
        ("00/09/22", "bad_date"),
        ("NULL", "bad_date"),
    ],
)
def test_an_iso_date_is_taken_and_anything_else_is_not_guessed(sent: str, expected: str) -> None:
    result = date_reader(["iso"], {})(sent)
    assert (result if isinstance(result, str) else result.text) == expected


@pytest.mark.parametrize(
    ("formats", "sent", "expected"),
    [
        ("%d-%b-%Y", "10-Jul-2025", "2025-07-10"),
        ("%d-%b-%Y", "1-sept-2025", "2025-09-01"),
        ("%d-%b-%Y", "10-JULY-2025", "2025-07-10"),
        ("%d-%b-%Y", "10-Fev-2025", "2025-02-10"),
        ("%d-%b-%Y", "10-dez.-2025", "2025-12-10"),
        ("%d-%b-%Y", "31-Feb-2025", "bad_date"),
        ("%d-%b-%Y", "10-Foo-2025", "bad_date"),
        ("%m-%d-%y", "04-30-22", "2022-04-30"),
        ("%m-%d-%y", "4-3-70", "1970-04-03"),
        ("%m-%d-%y", "30-04-22", "bad_date"),
        ("%m-%d-%y", "06/07/22", "ambiguous_date"),
        ("%d/%m/%Y", "06/07/2022", "2022-07-06"),
        ("%Y/%m/%d %H:%M", "2026/2/1 9:05", "2026-02-01T09:05:00"),
        ("%d/%m/%Y %H:%M:%S%z", "06/07/2022 10:00:01+0400", "2022-07-06T10:00:01+04:00"),
    ],
)
def test_a_declared_format_is_read(formats: str, sent: str, expected: str) -> None:
    result = date_reader([formats], {"fev": 2, "dez": 12})(sent)
    assert (result if isinstance(result, str) else result.text) == expected


def test_only_what_was_interpreted_counts_as_rewritten() -> None:
    read = date_reader(["iso", "%d-%b-%Y"], {})
    assert read("2025-07-10 08:04:21") == Rewritten("2025-07-10T08:04:21", was_iso=True)
    assert read("10-Jul-2025") == Rewritten("2025-07-10", was_iso=False)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("iso", None),
        ("%d-%b-%Y", None),
        ("%d-%b", "day, month and year"),
        ("%d-%Q-%Y", "%Q is not known"),
        ("%d/%m/%d/%Y", "twice"),
    ],
)
def test_a_format_is_checked_before_it_is_used(text: str, wrong: str | None) -> None:
    problem = check_format(text)
    assert problem is None if wrong is None else wrong in (problem or "")


def test_two_formats_that_read_one_text_as_two_days_are_found() -> None:
    assert contradict("%d/%m/%y", "%m/%d/%y")
    assert contradict("%m/%d/%Y %H:%M", "%d/%m/%Y")
    assert not contradict("%d/%m/%y", "%m-%d-%y")
    assert not contradict("%d/%m/%y", "%d/%m/%y %H:%M")
