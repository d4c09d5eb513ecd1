from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import duckdb
import pytest
from handmade import as_demo, make_build, make_workspace
from rich.console import Console

from serve.errors import ServeError
from serve.publish import publish
from serve.summary import print_summary
from serve.workspace import Workspace

FIGURES = {
    "reconciliation": (
        "quality",
        """
        select * from (values
            ('marketplace', 'amazon_ae', 'a/1.tsv', 1204, 4, 1200, 13, true),
            ('marketplace', 'amazon_ae', 'a/2.tsv', 800, 0, 800, 0, true),
            ('marketplace', 'noon_ae', 'n/1.csv', 50, 0, 50, 0, false)
        ) as t (source, sub_channel, source_batch, rows_in_source, rows_rejected, rows_raw,
            rows_excluded, is_reconciled)
        """,
    ),
    "rejected_rows": (
        "quality",
        "select 'bad_date' as reason_code from range(3) union all select 'bad_number'",
    ),
    "missing_rates": (
        "quality",
        "select 'KWD' as currency, 12 as row_count, date '2026-01-02' as first_date, "
        "date '2026-02-03' as last_date",
    ),
    "over_refunds": ("quality", "select 1 as order_item_key"),
    "decision_queue": ("decisions", "select 'o1' as order_key from range(2)"),
    "fraud_candidates": ("fraud", "select 1 as user_key"),
    "channel_kpis": (
        "analytics",
        """
        select * from (values
            ('all', 'all', 900, 2000, 1234567.5, 98765.4, 0.08, 0.0801, 'flat'),
            ('marketplace', 'all', 900, 2000, 1234567.5, 98765.4, 0.08, 0.0801, 'flat'),
            ('marketplace', 'walmart_ca', 850, 1950, 1234567.5, 98000, 0.075, 0.079, 'up'),
            ('marketplace', 'noon_ae', 50, 50, null, null, null, null, 'not_enough_data')
        ) as t (channel, sub_channel, orders, units_sold, sales_usd, refund_usd, refund_rate,
            refund_value_rate, trend_direction)
        """,
    ),
    "product_refunds": (
        "analytics",
        """
        select
            case when range = 1 then null else 'SKU-' || range end as sku,
            case when range = 2 then 'Lamp [bold]table[/bold] مصباح' else 'Kettle' end
                as product_name,
            100 as units_sold, 40 - range as units_refunded, (40 - range) / 100 as refund_rate,
            99.5 as refund_usd, 'critical' as severity, 'Item arrived damaged' as top_reason,
            range as refund_rank
        from range(1, 9)
        """,
    ),
    "refund_reasons": (
        "analytics",
        """
        select * from (values
            ('marketplace', 'walmart_ca', 'Changed my mind', 'CUSTOMER', 3, 30, 0, 60.0),
            ('marketplace', 'noon_ae', 'Changed my mind', 'CUSTOMER', 1, 10, 0, 20.0),
            ('marketplace', 'noon_ae', 'Defective product', 'PRODUCT_ISSUES', 5, 58, 0, 10.0),
            ('marketplace', 'noon_ae', 'Unknown', 'UNKNOWN', 1, 2, 2, 5.0)
        ) as t (channel, sub_channel, reason, reason_category, refunds, units_refunded,
            units_unmapped, refund_usd)
        """,
    ),
}


@pytest.fixture(scope="module")
def published(fast_folder: Path) -> Workspace:
    company = make_workspace(fast_folder / "summed_up")
    company.project_dir.mkdir()
    make_build(company, FIGURES, record_changes={"warnings": ["test x: 2 rows found"]})
    publish(company)
    return company


@pytest.fixture
def told(published: Workspace) -> Callable[..., str]:
    def tell(company: Workspace = published, width: int = 80) -> str:
        output = StringIO()
        print_summary(company.warehouse_dir, Console(file=output, width=width, highlight=False))
        return output.getvalue()

    return tell


def _line(text: str, *words: str) -> str:
    return next(line for line in text.splitlines() if all(word in line for word in words))


def test_says_what_came_in_per_source_and_what_was_left(told: Callable[..., str]) -> None:
    text = told()
    assert _line(text, "amazon_ae").split()[2:] == ["2", "2,004", "2,000", "4", "13"]
    assert _line(text, "all", "2,054").split()[1:] == ["3", "2,054", "2,050", "4", "13"]


def test_says_the_rates_of_each_channel(told: Callable[..., str]) -> None:
    line = _line(told(), "walmart_ca")
    assert line.split() == [
        "walmart_ca",
        "850",
        "1,950",
        "1,234,568",
        "98,000",
        *["7.5", "%", "7.9", "%", "up"],
    ]
    # Unknown is a dash, never a zero.
    assert _line(told(), "noon_ae", "- ").split()[3:] == ["-", "-", "-", "-", "-"]


def test_shows_five_products_and_five_reasons(told: Callable[..., str]) -> None:
    text = told()
    assert sum("Item arrived damaged"[:8] in line for line in text.splitlines()) == 5
    assert "SKU-6" not in text
    # Reasons are added up over the channels; the share is of all refunded units.
    assert _line(text, "Changed my mind").split()[-4:] == ["40", "80", "40.0", "%"]
    assert text.index("Defective product") < text.index("Changed my mind")


def test_text_from_files_is_not_markup(told: Callable[..., str]) -> None:
    assert "[bold]table" in told(width=110)


def test_says_what_to_look_at(told: Callable[..., str]) -> None:
    text = " ".join(told().split())
    assert "rows that could not be read: 4 (bad_date 3, bad_number 1), table rejected_rows" in text
    assert "rows without a USD rate: 12 (KWD 12), table missing_rates" in text
    assert "a reason that no rule knows: 2 (2.0 %), table refund_reasons" in text
    assert "more refunded than sold: 1, table over_refunds" in text
    assert "orders that need a decision: 1, table decision_queue" in text
    assert "a person should review: 1, table fraud_candidates" in text
    assert "do not reconcile from raw to core: 1, table reconciliation" in text
    assert "test x: 2 rows found" in text


def test_says_how_old_the_rates_are_and_where_the_files_are(told: Callable[..., str]) -> None:
    text = told()
    assert "figures as of 2026-10-31 00:00 UTC" in text
    # The source covers until 30 October, half open.
    assert "Exchange rates until 2026-10-29, 2 days before that" in text
    assert "marts.duckdb" in text
    assert "exports/current" in text
    query = _line(text, "import duckdb", "read_only=True")
    assert "product_refunds" in query


def test_fits_80_columns_and_needs_no_colour(told: Callable[..., str]) -> None:
    text = told()
    assert "\x1b" not in text
    tables = text[: text.index("\nFiles")]
    assert max(len(line) for line in tables.splitlines()) <= 80
    assert "DEMO" not in text


def test_demo_data_says_so_first(told: Callable[..., str], workspace: Workspace) -> None:
    demo = as_demo(workspace)
    make_build(demo)
    publish(demo)
    text = told(demo)
    assert "DEMO DATA" in "".join(text.splitlines()[:4])
    assert ".env.example" in text


def test_the_query_it_offers_works(published: Workspace) -> None:
    query = "from product_refunds order by refund_rank limit 20"
    with duckdb.connect(
        str(published.warehouse_dir / "marts.duckdb"), read_only=True
    ) as connection:
        assert len(connection.sql(query).fetchall()) == 8


def test_a_company_without_these_marts_gets_the_rest(workspace: Workspace) -> None:
    make_build(workspace)
    publish(workspace)
    output = StringIO()
    print_summary(workspace.warehouse_dir, Console(file=output, width=80))
    assert "Published" in output.getvalue()
    assert "Top 5" not in output.getvalue()


def test_nothing_published_yet_is_a_line(workspace: Workspace) -> None:
    with pytest.raises(ServeError, match=r"nothing is published in .* yet; run `make run`"):
        print_summary(workspace.warehouse_dir)


def test_another_file_in_that_place_is_a_line(workspace: Workspace) -> None:
    elsewhere = replace(workspace, warehouse_dir=workspace.project_dir / "other")
    elsewhere.warehouse_dir.mkdir()
    duckdb.connect(str(elsewhere.warehouse_dir / "marts.duckdb")).close()
    with pytest.raises(ServeError, match="was not published by this project"):
        print_summary(elsewhere.warehouse_dir)
    (elsewhere.warehouse_dir / "marts.duckdb").write_bytes(b"nonsense" * 1000)
    with pytest.raises(ServeError, match="can't be read"):
        print_summary(elsewhere.warehouse_dir)
