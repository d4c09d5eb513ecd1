"""Decisions on a shop written by hand: what leaves the queue and the scans, and what comes back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from warehouse_run import PROJECT, Warehouse

from serve.decisions.event import Recorded
from serve.decisions.log import DecisionLog
from serve.decisions.published import Published
from serve.decisions.reasons import read_reasons
from serve.decisions.recorder import Recorder, Request

BEFORE, DECIDED, AFTER = "2024-05-31T00:00:00", "2024-06-01", "2024-06-25T00:00:00"
_ORDERS = """
order_id,ordered_at,delivered_at,sku,quantity,unit_price,currency,buyer_id
TWICE,2024-05-01,2024-05-05,LAMP,1,50,USD,b1
KEPT,2024-05-01,2024-05-05,LAMP,2,300,USD,b2
RIDDLE,2024-05-01,2024-05-05,VASE,1,80,USD,b3
VOID,2024-05-01,2024-05-05,LAMP,1,120,USD,b4
LATE,2024-05-01,2024-05-05,LAMP,1,130,USD,b5
CALM,2024-05-01,2024-05-05,LAMP,4,20,USD,b6
STRAY,2024-05-01,2024-05-05,VASE,1,500,USD,b7
"""
_RETURNS = """
return_id,order_id,sku,refunded_quantity,refund_amount,currency,requested_at,refunded_at,keeps_item,reason
R1,TWICE,LAMP,1,50,USD,2024-05-10,2024-05-12,no,changed my mind
R2,TWICE,LAMP,1,50,USD,2024-05-11,2024-05-13,no,changed my mind
R3,KEPT,LAMP,1,300,USD,2024-05-10,2024-05-12,yes,changed my mind
R4,RIDDLE,VASE,1,80,USD,2024-05-10,2024-05-12,no,qwrtz zxcvb
R5,VOID,LAMP,1,120,USD,2024-05-10,2024-05-12,yes,changed my mind
R6,LATE,LAMP,1,130,USD,2024-05-10,2024-05-12,yes,arrived late
R7,CALM,LAMP,1,20,USD,2024-05-10,2024-05-12,no,changed my mind
R8,STRAY,VASE,1,500,USD,2024-05-10,2024-05-12,yes,changed my mind
"""
_MORE_RETURNS = """
return_id,order_id,sku,refunded_quantity,refund_amount,currency,requested_at,refunded_at,keeps_item,reason
R9,KEPT,LAMP,1,300,USD,2024-06-10,2024-06-12,yes,changed my mind
"""
_QUEUE = "select * from main.decision_queue order by priority"


@dataclass(frozen=True)
class Shop:
    """The shop before anybody decided, after, and set back to the day before."""

    warehouse: Warehouse
    before: dict[str, list[tuple[Any, ...]]]
    recorded: dict[str, Recorded]
    after: dict[str, list[tuple[Any, ...]]]
    replayed: dict[str, list[tuple[Any, ...]]]


_ANSWERS = {
    "queue": _QUEUE,
    "open": "select order_id from main.decision_queue order by order_id",
    "alerts": "select order_id, alert_types from main.decision_queue order by order_id",
    "states": "select order_id, resolution_state from main.orders order by order_id",
    "resolutions": "select order_id, reason_code, previous_decision, decisions, assignee,"
    " reason_category_reported, reason_category_decided from main.order_resolutions"
    " where decisions > 0 order by order_id",
    "kpis": "select orders, units_sold, units_refunded, refund_usd from main.channel_kpis"
    " where channel = 'all'",
    "lamp": "select units_sold, units_refunded from main.product_refunds"
    " where product_key = 'sku:LAMP'",
    "exclusions": "select left_out_of, excluded_reason, row_count, units, amount"
    " from main.exclusions where left_out_of in ('scans', 'kpi_totals') order by all",
    "rejected": "select problem from main.rejected_decisions",
    "history": "select order_key, actor, comment_text from main.decision_history order by event_id",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    home = tmp_path_factory.mktemp("decisions")
    folder = home / "drop"
    folder.mkdir()
    (folder / "orders.csv").write_text(_ORDERS.lstrip())
    (folder / "returns.csv").write_text(_RETURNS.lstrip())
    before = _built(home, folder, BEFORE)
    recorded = _decide(home)
    (folder / "more_returns.csv").write_text(_MORE_RETURNS.lstrip())
    after = _built(home, folder, AFTER)
    warehouse = Warehouse(home, f"onbuy={folder}", AFTER)
    claims = ("assert_marts_agree_on_units_and_money", "path:tests/assertions/decisions")
    target = ("--target-path", str(home / "target"))
    warehouse.call("serve", "dbt", "test", *target, "--select", *claims)
    yield Shop(warehouse, before, recorded, after, _built(home, folder, BEFORE))


def _built(home: Path, folder: Path, as_of: str) -> dict[str, list[tuple[Any, ...]]]:
    warehouse = Warehouse(home, f"onbuy={folder}", as_of)
    warehouse.call("extract")
    warehouse.build_models()
    return {name: warehouse.ask(query) for name, query in _ANSWERS.items()}


def _decide(home: Path) -> dict[str, Recorded]:
    """Decide on 1 June upon what was built for the day before."""
    recorder = Recorder(
        DecisionLog(home / "raw"),
        Published(home / "build.duckdb"),
        read_reasons(PROJECT),
        datetime.fromisoformat(DECIDED).replace(tzinfo=UTC),
    )

    def resolve(order: str, reason: str, actor: str = "mia", **more: Any) -> Recorded:
        return recorder.record(Request("resolve", order, actor, reason=reason, **more))

    recorded = {
        "TWICE": resolve("TWICE", "DUPLICATE_REFUND", comment="R2 is the copy", expires="10d"),
        "KEPT": resolve("KEPT", "REFUND_CONFIRMED_VALID"),
        "VOID": resolve("VOID", "CANCEL_ORDER"),
        "LATE first": resolve("LATE", "OUT_OF_STOCK"),
        "LATE": resolve("LATE", "LATE_DELIVERY", "ali"),
        "STRAY first": resolve("STRAY", "CUSTOMER_REMORSE"),
    }
    recorded["STRAY"] = recorder.record(Request("reopen", "STRAY", "ali"))
    recorded["RIDDLE"] = recorder.record(Request("assign", "RIDDLE", "mia", assignee="ali"))
    return recorded


def test_alerts_say_which_orders_need_a_person(shop: Shop) -> None:
    assert shop.before["alerts"] == [
        ("KEPT", "refund_without_return"),
        ("LATE", "refund_without_return"),
        ("RIDDLE", "unmapped_reason"),
        ("STRAY", "refund_without_return"),
        ("TWICE", "over_refunded_units, refund_above_paid, duplicate_refund"),
        ("VOID", "refund_without_return"),
    ]
    # By money at stake: 500, 300, 130, 120, 80, and the 50 that were paid twice.
    keys = [row[1].rpartition(":")[2] for row in shop.before["queue"]]
    assert keys == ["STRAY", "KEPT", "LATE", "VOID", "RIDDLE", "TWICE"]


def test_a_decision_is_taken_on_the_evidence_of_its_order(shop: Shop) -> None:
    event = shop.recorded["TWICE"].event
    assert event.refund_usd_at_decision == Decimal("100.0000")
    assert event.refunds_at_decision == 2
    assert event.evidence_hash != shop.recorded["KEPT"].event.evidence_hash


def test_decisions_hold_until_they_end_or_new_refunds_come(shop: Shop) -> None:
    assert dict(shop.after["states"]) == {
        "TWICE": "expired",
        "KEPT": "changed",
        "VOID": "resolved",
        "LATE": "resolved",
        "STRAY": "reopened",
        "RIDDLE": "open",
        "CALM": "open",
    }
    assert shop.after["open"] == [("KEPT",), ("RIDDLE",), ("STRAY",), ("TWICE",)]
    lapsed = [order for order, alerts in shop.after["alerts"] if "decision_lapsed" in alerts]
    assert lapsed == ["KEPT", "STRAY", "TWICE"]


def test_what_came_back_keeps_its_history(shop: Shop) -> None:
    assert shop.after["resolutions"] == [
        ("KEPT", "REFUND_CONFIRMED_VALID", None, 1, None, "CUSTOMER", None),
        ("LATE", "LATE_DELIVERY", "OUT_OF_STOCK", 2, None, "OUR_FAULT", "OUR_FAULT"),
        ("STRAY", None, "CUSTOMER_REMORSE", 2, None, "CUSTOMER", None),
        ("TWICE", "DUPLICATE_REFUND", None, 1, None, "CUSTOMER", None),
        ("VOID", "CANCEL_ORDER", None, 1, None, "CUSTOMER", None),
    ]
    assert len(shop.after["history"]) == len(shop.recorded)
    assert shop.after["history"][0][1:] == ("mia", "R2 is the copy")
    assert shop.after["rejected"] == []


def test_resolved_orders_leave_scans_and_totals_only_where_the_reason_says_so(shop: Shop) -> None:
    # VOID is cancelled, so it leaves the totals; LATE stays in them and leaves the ranking.
    assert shop.before["kpis"][0][:3] == (7, 11, 7)
    assert shop.after["kpis"][0][:3] == (6, 10, 7)
    assert shop.before["lamp"] == [(9, 5)]
    assert shop.after["lamp"] == [(7, 4)]
    assert shop.after["exclusions"] == [
        ("kpi_totals", "resolved as CANCEL_ORDER", 1, 1, Decimal("120.0000")),
        ("scans", "resolved as CANCEL_ORDER", 1, 1, Decimal("120.0000")),
        ("scans", "resolved as LATE_DELIVERY", 1, 1, Decimal("130.0000")),
    ]


def test_replaying_an_earlier_day_gives_the_queue_of_that_day(shop: Shop) -> None:
    assert shop.replayed["queue"] == shop.before["queue"]
    assert shop.replayed["states"] == shop.before["states"]
    assert shop.replayed["history"] == []


def test_the_log_holds_what_was_said(shop: Shop) -> None:
    files = sorted((shop.warehouse.home / "raw" / "decisions").glob("*.json"))
    assert len(files) == len(shop.recorded)
