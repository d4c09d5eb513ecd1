"""Every planted story can be read off the files, in the smallest company and in the usual one."""

from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

from demo_files import DropFolder, Read

from demo import write_marketplace
from demo.company import MARKETPLACES
from demo.company.stories import (
    ACCENTED,
    CORRECTED,
    DEFECTIVE,
    GUESTS,
    MISLISTED,
    MISSING_RATE,
    OVER_REFUND,
    SERIAL_RETURNER,
    THREE_UNITS,
    TWIN_LINES,
    UNMAPPED_REASONS,
    WARDROBER,
    WITHDRAWN_ORDER_ID,
    WORSENED,
    TroubledProduct,
)

_DEFECTIVE_WORDS = ("DEFECT", "BAD-ITEM", "work", "يعمل", "معيب")
_LISTING_WORDS = ("DESC", "described", "picture", "الوصف", "الصورة")


def _rate(folder: DropFolder, product: TroubledProduct) -> tuple[int, float, list[str]]:
    units = sum(row.units for row in folder.sold if row.sku == product.sku)
    back = [row for row in folder.refunded if row.sku == product.sku]
    return units, sum(row.units for row in back) / units, [row.reason for row in back]


def _share(reasons: list[str], words: tuple[str, ...]) -> float:
    return sum(any(w.casefold() in r.casefold() for w in words) for r in reasons) / len(reasons)


def test_the_defective_product_comes_back_because_it_is_defective(drop_folder: DropFolder) -> None:
    units, rate, reasons = _rate(drop_folder, DEFECTIVE)
    assert units >= 200
    assert 0.28 < rate < 0.42
    assert _share(reasons, _DEFECTIVE_WORDS) > 0.7


def test_the_mislisted_product_comes_back_as_not_as_described(drop_folder: DropFolder) -> None:
    units, rate, reasons = _rate(drop_folder, MISLISTED)
    assert units >= 100
    assert 0.18 < rate < 0.31
    assert _share(reasons, _LISTING_WORDS) > 0.65


def test_the_serial_returner_returns_most_orders(drop_folder: DropFolder) -> None:
    email = f"shopper.{SERIAL_RETURNER.number}@example.com"
    orders = {row.order_id for row in drop_folder.sold if row.buyer == email}
    back = {row.order_id for row in drop_folder.refunded} & orders
    assert (len(orders), len(back)) == (SERIAL_RETURNER.orders, SERIAL_RETURNER.returned_orders)


def test_the_wardrober_returns_whole_orders_soon_after_delivery(drop_folder: DropFolder) -> None:
    customer = f"C{WARDROBER.number:08d}"
    ordered: dict[str, int] = defaultdict(int)
    delivered = {}
    for row in drop_folder.rows("walmart_ca", "walmart_orders"):
        if row["customerId"] == customer:
            ordered[row["purchaseOrderId"]] += int(row["orderLineQuantity.amount"])
            delivered[row["purchaseOrderId"]] = int(row["actualDeliveryDate"][8:10])
    back: dict[str, int] = defaultdict(int)
    for row in drop_folder.rows("walmart_ca", "walmart_returns"):
        if row["customerId"] == customer:
            back[row["purchaseOrderId"]] += int(row["refundedQty"])
            days = int(row["returnOrderDate"][8:10]) - delivered[row["purchaseOrderId"]]
            assert days % 30 <= 14 or days % 31 <= 14
    assert len(ordered) == WARDROBER.orders
    assert len(back) == WARDROBER.returned_orders
    assert all(units == ordered[order_id] for order_id, units in back.items())


def _window_rate(folder: DropFolder, sub_channel: str, windows_back: int) -> float:
    first = (WORSENED.since - timedelta(days=30 * windows_back)).date().isoformat()
    end = (WORSENED.until - timedelta(days=30 * windows_back)).date().isoformat()
    orders = {
        row.order_id: row.units
        for row in folder.sold
        if row.sub_channel == sub_channel and first <= row.day < end
    }
    units = sum(
        row.units
        for row in folder.sold
        if row.sub_channel == sub_channel and row.order_id in orders
    )
    back = sum(
        row.units
        for row in folder.refunded
        if row.sub_channel == sub_channel and row.order_id in orders
    )
    return back / units


def test_one_channel_got_worse(drop_folder: DropFolder) -> None:
    now, before = (_window_rate(drop_folder, WORSENED.sub_channel, back) for back in (0, 1))
    assert now >= 2 * before > 0


def test_the_other_channels_did_not(usual: DropFolder) -> None:
    for one in MARKETPLACES:
        if one.code != WORSENED.sub_channel:
            now, before = (_window_rate(usual, one.code, back) for back in (0, 1))
            assert now < 1.7 * before, one.code


def test_three_units_are_sold_and_three_refunded(drop_folder: DropFolder) -> None:
    (line,) = [row for row in drop_folder.sold if row.order_id == THREE_UNITS.order_id]
    (back,) = [row for row in drop_folder.refunded if row.order_id == THREE_UNITS.order_id]
    assert (line.units, back.units, line.amount) == (3, 3, back.amount)


def test_one_unit_is_refunded_twice(drop_folder: DropFolder) -> None:
    (line,) = [row for row in drop_folder.sold if row.order_id == OVER_REFUND.order_id]
    back = [row for row in drop_folder.refunded if row.order_id == OVER_REFUND.order_id]
    assert line.units == 1
    assert sum(row.units for row in back) == 2


def test_guests_have_no_buyer_and_return_much(drop_folder: DropFolder) -> None:
    wanted = {order.order_id for order in GUESTS}
    guests = [row for row in drop_folder.sold if row.order_id in wanted]
    assert len(guests) == len(GUESTS)
    assert all(row.buyer == "" for row in guests)
    assert len({row.order_id for row in drop_folder.refunded} & wanted) == 6


def test_two_unmapped_reasons_are_planted_and_such_reasons_are_rare(
    drop_folder: DropFolder,
) -> None:
    back = drop_folder.refunded
    for order in UNMAPPED_REASONS:
        (row,) = [row for row in back if row.order_id == order.order_id]
        assert row.reason == order.lines[0].returns[0].wording
    unmapped = sum(total["unmapped_lines"] for total in drop_folder.totals.values())
    assert len(UNMAPPED_REASONS) <= unmapped < 0.03 * len(back)


def test_kuwaiti_dinar_is_sold_and_refunded(drop_folder: DropFolder) -> None:
    rows = drop_folder.rows("noon_ae", "noon_sales")
    dinar = {row["item_nr"].rpartition("-")[0] for row in rows if row["currency_code"] == "KWD"}
    assert {order.order_id for order in MISSING_RATE} <= dinar
    assert len(dinar) / len(rows) < 0.05
    assert any(row["currency"] == "KWD" for row in drop_folder.rows("noon_ae", "noon_returns"))


def test_twin_rows_are_byte_identical(drop_folder: DropFolder) -> None:
    rows = drop_folder.rows("amazon_in", "amazon_orders")
    twins = [row for row in rows if row["amazon-order-id"] == TWIN_LINES.order_id]
    assert len(twins) == 2
    assert twins[0] == twins[1]


def test_no_other_order_holds_a_sku_twice(usual: DropFolder) -> None:
    rows = usual.rows("amazon_ae", "amazon_orders")
    seen = Counter((row["amazon-order-id"], row["sku"]) for row in rows)
    assert max(seen.values()) == 1


def test_one_file_lies_there_twice(drop_folder: DropFolder) -> None:
    (copy,) = [facts for facts in drop_folder.files if facts["duplicate_of"]]
    content = (drop_folder.folder / copy["path"]).read_bytes()
    assert content == (drop_folder.folder / copy["duplicate_of"]).read_bytes()


def test_two_files_are_corrected_later(drop_folder: DropFolder) -> None:
    for facts in (facts for facts in drop_folder.files if facts["corrected_by"]):
        first, later = (drop_folder.folder / facts[key] for key in ("path", "corrected_by"))
        assert first.stat().st_mtime < later.stat().st_mtime
        old, new = (drop_folder.contents[facts[key]] for key in ("path", "corrected_by"))
        changed = _changed(old, new)
        assert {order.order_id for order in CORRECTED} <= changed
        if facts["report"] == "amazon_seller_returns":
            assert WITHDRAWN_ORDER_ID in changed
            assert WITHDRAWN_ORDER_ID not in new.text
            days = [row["Return request date"] for row in new.rows]
            assert min(days) < "16-Apr-2026"
            assert max(days) > "16-Apr-2026"


def _changed(old: Read, new: Read) -> set[str]:
    left, right = (Counter(tuple(row.values()) for row in found.rows) for found in (old, new))
    return {row[0] for row in (left - right) + (right - left)}


def test_the_accented_name_is_in_the_cp1252_file(drop_folder: DropFolder) -> None:
    rows = drop_folder.contents["amazon_za/all-orders-2026-06.txt"].rows
    (row,) = [row for row in rows if row["amazon-order-id"] == ACCENTED.order_id]
    assert "Café" in row["product-name"]


def test_nothing_stands_out_without_stories(tmp_path: Path) -> None:
    outcome = write_marketplace(tmp_path / "calm", 10_000, 1, with_stories=False)
    calm = DropFolder(outcome.folder, outcome.files, outcome.totals)
    for product in (DEFECTIVE, MISLISTED):
        assert _rate(calm, product)[1] < 0.16
    now, before = (_window_rate(calm, WORSENED.sub_channel, back) for back in (0, 1))
    assert now < 2 * before
    assert not any(facts["corrected_by"] for facts in calm.files)
    assert SERIAL_RETURNER.number not in {
        int(row.buyer.split(".")[1].split("@")[0]) for row in calm.sold if row.buyer
    }
