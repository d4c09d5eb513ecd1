"""The metrics of the semantic layer, asked through MetricFlow, against SQL written by hand."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from warehouse_run import PROJECT, Warehouse

MF = Path(sys.executable).parent / "mf"
pytestmark = pytest.mark.skipif(not MF.is_file(), reason="dbt-metricflow is not installed")


def _mf(company: Warehouse, *arguments: str) -> str:
    environment = {
        **company.environment,
        "DBT_TARGET_PATH": str(company.home / "semantic-target"),
        "DBT_LOG_PATH": str(company.home / "semantic-logs"),
        "DO_NOT_TRACK": "1",
        "PATH": f"{MF.parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        arguments, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{arguments}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def layer(demo_company: Warehouse) -> Warehouse:
    as_of = f'{{as_of: "{demo_company.as_of}"}}'
    _mf(demo_company, str(MF.parent / "dbt"), "parse", "--vars", as_of)
    return demo_company


def _query(company: Warehouse, metrics: str, group_by: str) -> list[dict[str, str]]:
    out = company.home / f"{metrics}-{group_by}.csv".replace(",", "-")
    _mf(company, str(MF), "query", "--metrics", metrics, "--group-by", group_by, "--csv", str(out))
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_layer_is_valid_against_the_warehouse(layer: Warehouse) -> None:
    assert "ERRORS: 0" in _mf(layer, str(MF), "validate-configs")


def test_rates_by_sub_channel_are_those_of_the_mart(layer: Warehouse) -> None:
    wanted = {
        sub_channel: values
        for sub_channel, *values in layer.ask(
            "select sub_channel, refund_rate, refund_value_rate, units_sold from channel_kpis "
            "where sub_channel != 'all'"
        )
    }
    rows = _query(layer, "refund_rate,refund_value_rate,units_sold", "order_item__sub_channel")
    assert len(rows) == len(wanted)
    for row in rows:
        rate, value_rate, units = wanted[row["order_item__sub_channel"]]
        assert float(row["refund_rate"]) == pytest.approx(rate, abs=1e-9)
        assert float(row["units_sold"]) == units
        if value_rate is not None:
            assert float(row["refund_value_rate"]) == pytest.approx(value_rate, abs=1e-9)


def test_both_clocks_stand_side_by_side_in_time(layer: Warehouse) -> None:
    rows = _query(layer, "refund_usd,refund_usd_by_refund_date", "metric_time__month")
    by_order, by_refund = layer.one(
        "select refund_usd, refund_usd_by_refund_date from channel_kpis where channel = 'all'"
    )
    assert sum(float(row["refund_usd"] or 0) for row in rows) == pytest.approx(float(by_order))
    assert sum(float(row["refund_usd_by_refund_date"] or 0) for row in rows) == pytest.approx(
        float(by_refund)
    )


def test_a_rate_by_category_joins_the_products(layer: Warehouse) -> None:
    wanted = dict(
        layer.ask(
            "select category, sum(order_items.units_refunded) / sum(order_items.units_sold) "
            "from order_items left join products using (product_key) group by category"
        )
    )
    rows = _query(layer, "refund_rate", "product__category")
    assert {row["product__category"] or None for row in rows} == set(wanted)
    for row in rows:
        assert float(row["refund_rate"]) == pytest.approx(
            wanted[row["product__category"] or None], abs=1e-9
        )
