"""Same seed, same bytes; and the two languages agree on what is drawn."""

from itertools import pairwise
from pathlib import Path

from demo_files import DropFolder, hashes

from demo import write_marketplace
from demo.company import BY_CODE, SUB_CHANNELS, Company
from demo.company.draws import draws, slots
from demo.company.identifiers import order_id
from demo.company.stories import MIN_LINES, planned_orders


def test_two_runs_of_one_seed_write_the_same_bytes_and_times(
    usual: DropFolder, tmp_path: Path
) -> None:
    write_marketplace(tmp_path / "again", 60_000, 42)
    assert hashes(tmp_path / "again") == hashes(usual.folder)


def test_another_seed_writes_other_orders(smallest: DropFolder, tmp_path: Path) -> None:
    outcome = write_marketplace(tmp_path / "other", MIN_LINES, 8)
    other = DropFolder(outcome.folder, outcome.files, outcome.totals)
    path = "noon_ae/noon-sales-export-2026-05.csv"
    assert other.contents[path].text != smallest.contents[path].text


def test_what_is_drawn_is_the_same_on_every_version() -> None:
    # Written down once. These may change with the generator's SQL, never with Python, DuckDB or
    # the machine: the suite runs on two versions of each.
    with Company(MIN_LINES, 42) as company:
        cursor = company.cursor()
        company.fill(cursor, next(company.chunks(BY_CODE["onbuy"])))
        found = {
            "orders": "select count(*), sum(digits), sum(customer_no) from chunk_orders",
            "lines": "select count(*), sum(quantity), sum(line_minor) from chunk_lines",
            "returns": "select count(*), sum(units), sum(refund_minor) from chunk_returns",
        }
        assert {name: cursor.execute(sql).fetchall()[0] for name, sql in found.items()} == {
            "orders": (82, 431_915_797_302, 335_433_672),
            "lines": (107, 152, 390_467),
            "returns": (31, 42, 111_480),
        }


def test_python_and_sql_draw_the_same_numbers() -> None:
    with Company(MIN_LINES, 42) as company:
        for number in (0, 1, 99_999, 4_000_000_001):
            columns = ", ".join(f"draw(h, {place})" for place in range(8))
            drawn = company.connection.execute(
                f"select {columns} from (select md5_number('42:line:{number}') as h)"
            ).fetchall()
            assert drawn == [draws(42, "line", number)]


def test_python_and_sql_print_the_same_order_ids() -> None:
    with Company(MIN_LINES, 42) as company:
        cursor = company.cursor()
        for sub_channel in SUB_CHANNELS:
            company.fill(cursor, next(company.chunks(sub_channel)))
            printed = cursor.execute("select number, order_id from chunk_orders").fetchall()
            assert len({text for _, text in printed}) == len(printed)
            assert all(order_id(sub_channel, number) == text for number, text in printed)


def test_chunks_cover_every_order_once_whatever_their_size() -> None:
    with Company(60_000, 42) as company:
        for sub_channel in SUB_CHANNELS:
            chunks = list(company.chunks(sub_channel, most_orders=700))
            assert len(chunks) > 3
            assert sum(chunk.drawn_orders for chunk in chunks) == company.orders[sub_channel.code]
            days = [(chunk.first_day, chunk.end_day) for chunk in chunks]
            assert all(left[1] == right[0] for left, right in pairwise(days))


def test_slots_follow_the_weights() -> None:
    chosen = slots([1, 2, 5], 80)
    assert [chosen.count(index) for index in range(3)] == [10, 20, 50]


def test_planned_orders_have_numbers_of_their_own() -> None:
    numbers = [order.number for order in planned_orders()]
    assert len(numbers) == len(set(numbers))
