"""Values are printed as Metabase prints them: differently by the API and by each download."""

from collections.abc import Iterator

import pytest
from metabase_shop import Asked, serving

MOMENTS = (
    "select date '2024-01-01' as d, timestamp '2024-01-01 00:00:00' as midnight, "
    "timestamp '2024-01-01 08:15:00.25' as morning, timestamptz '2024-01-01 08:15:00+00' as zoned, "
    "time '08:15:00' as t"
)
NUMBERS = (
    "select 9007199254740993 as big, 9007199254740992 as fits, 12.50 as price, "
    "cast(9007199254740993 as decimal(20, 0)) as whole, true as flag, null as nothing, "
    "cast(1.5 as double) as part"
)


@pytest.fixture(scope="module")
def dubai() -> Iterator[Asked]:
    with serving(report_timezone="Asia/Dubai") as asked:
        yield asked


def test_the_api_gives_every_moment_the_offset_of_the_report_even_a_day(dubai: Asked) -> None:
    assert dubai.rows(MOMENTS) == [
        [
            "2024-01-01T00:00:00+04:00",
            "2024-01-01T00:00:00+04:00",
            "2024-01-01T08:15:00.25+04:00",
            "2024-01-01T12:15:00+04:00",
            "08:15:00+04:00",
        ]
    ]


def test_downloads_print_midnights_as_days(dubai: Asked) -> None:
    printed = ["2024-01-01", "2024-01-01", "2024-01-01T08:15:00.25", "2024-01-01T12:15:00+04:00"]
    lines = dubai.csv(MOMENTS).text.splitlines()
    assert lines == ["d,midnight,morning,zoned,t", ",".join([*printed, "08:15:00"])]
    assert list(dubai.json(MOMENTS).json()[0].values()) == [*printed, "08:15:00"]


def test_a_column_of_moments_mixes_both_forms(dubai: Asked) -> None:
    moments = {
        len(line) for line in dubai.csv("select ordered_at from orders").text.splitlines()[1:]
    }
    assert moments == {10, 19}


def test_big_whole_numbers_are_text_in_the_api_alone(dubai: Asked) -> None:
    assert dubai.rows(NUMBERS) == [
        ["9007199254740993", 9007199254740992, 12.5, "9007199254740993", True, None, 1.5]
    ]
    assert dubai.csv(NUMBERS).text.splitlines()[1] == (
        "9007199254740993,9007199254740992,12.50,9007199254740993,true,,1.5"
    )
    assert dubai.json(NUMBERS).json()[0]["big"] == 9007199254740993
    ids = [row[0] for row in dubai.rows("select order_id from orders order by order_id desc")]
    assert {type(order_id) for order_id in ids} == {str, int}


def test_columns_of_one_title_collapse_in_the_json_download(dubai: Asked) -> None:
    sql = "select 1 as n, 2 as n"
    assert dubai.json(sql).json() == [{"n": 2}]
    assert dubai.csv(sql).text == "n,n\n1,2\n"
    columns = dubai.dataset(sql).json()["data"]["cols"]
    assert [column["name"] for column in columns] == ["n", "n_2"]
    assert [column["display_name"] for column in columns] == ["n", "n"]


def test_format_rows_prints_for_people(dubai: Asked) -> None:
    sql = "select 1234.5 as price, 1234567 as n, timestamp '2024-03-09 16:05:00' as at, 'a' as t"
    body = {"query": dubai.query(sql), "format_rows": True}
    assert dubai.post("/api/dataset/csv", body).text == (
        'price,n,at,t\n"1,234.50","1,234,567","March 9, 2024, 4:05 PM",a\n'
    )


def test_only_the_csv_of_the_first_generation_formats_unasked() -> None:
    for generation, price in ((1, '"1,234.50"'), (2, "1234.50")):
        with serving(generation=generation) as asked:
            query = {"query": asked.query("select 1234.50 as price")}
            assert asked.post("/api/dataset/csv", query).text == f"price\n{price}\n"
            assert asked.post("/api/dataset/json", query).json() == [{"price": 1234.5}]


def test_settings_rename_hide_and_reorder_the_columns_of_a_download(dubai: Asked) -> None:
    body = {
        "query": dubai.query("select 1 as a, 2 as b, 3 as c"),
        "visualization_settings": {
            "table.columns": [
                {"name": "c", "enabled": True},
                {"name": "b", "enabled": False},
                {"name": "a", "enabled": True},
            ],
            "column_settings": {
                '["name","c"]': {"column_title": "Paid", "number_style": "currency"}
            },
        },
    }
    assert dubai.post("/api/dataset/csv", body).text == "Paid (USD),a\n3,1\n"


def test_a_csv_cell_keeps_commas_quotes_and_lines(dubai: Asked) -> None:
    sql = "select note from refunds where note like '%ticket%'"
    assert dubai.csv(sql).text == (
        'note\n"Refund agreed on the phone,\n{""ticket"": 4711} ""late"""\n'
    )


def test_texts_of_the_shipped_kind_arrive_the_same_everywhere(dubai: Asked) -> None:
    sql = (
        "select cast(order_id as varchar) as order_id, "
        "replace(cast(ordered_at as varchar), ' ', 'T') || 'Z' as ordered_at, "
        "cast(total_amount as bigint) as total_amount "
        "from orders order by orders.order_id desc limit 30"
    )
    api = dubai.rows(sql)
    assert [list(row.values()) for row in dubai.json(sql).json()] == api
    lines = dubai.csv(sql).text.splitlines()[1:]
    assert [line.split(",") for line in lines] == [[str(cell) for cell in row] for row in api]
