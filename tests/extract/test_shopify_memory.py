"""What a run remembers of what it read: little, and it is right."""

import json
import random
from pathlib import Path

import pytest

from bench.shopify_extract import measure
from extract.shopify import bulk
from extract.shopify.bulk import BulkFile, read_orders
from extract.shopify.seen import IdSet

# Ids of one shop lie so far apart, as recorded answers show.
STRIDE = 32_768


@pytest.mark.parametrize("stride", [1, STRIDE, STRIDE - 1])
def test_an_id_is_new_once(stride: int) -> None:
    numbers = [306 + stride * number for number in range(10_000)]
    random.Random(1).shuffle(numbers)
    seen = IdSet()
    assert all(seen.add(number) for number in numbers)
    assert not any(seen.add(number) for number in numbers)
    assert len(seen) == len(numbers)
    assert all(number in seen and number + 1 + stride * 10_000 not in seen for number in numbers)


def _orders(count: int, bytes_each: int) -> list[str]:
    lines = []
    for number in range(1, count + 1):
        gid = f"gid://shopify/Order/{306 + STRIDE * number}"
        lines.append(json.dumps({"id": gid, "note": "x" * bytes_each, "refunds": []}))
        child = {"id": f"gid://shopify/LineItem/{number}", "__parentId": gid}
        lines.append(json.dumps(child))
    return lines


@pytest.mark.parametrize("count", [400, 4_000])
def test_parts_of_a_bulk_result_are_small_whatever_the_ids(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_PART_BYTES", 10_000)
    monkeypatch.setattr(bulk, "_MOST_PARTS", 8)
    path = tmp_path / "bulk_orders.jsonl"
    path.write_text("\n".join(_orders(count, 200)))
    found, largest = [], 0
    for part in read_orders(BulkFile(path, 2 * count, count), tmp_path):
        assert all(len(order["lineItems"]["nodes"]) == 1 for order in part)
        found += [order["id"] for order in part]
        largest = max(largest, len(part))
    assert len(set(found)) == len(found) == count
    # Some 300 bytes an order; two splits by eight are needed for 4,000.
    assert largest < 3.5 * 10_000 / 300
    assert list(tmp_path.iterdir()) == []


def test_an_order_larger_than_a_part_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_PART_BYTES", 100)
    path = tmp_path / "bulk_orders.jsonl"
    path.write_text("\n".join(_orders(1, 5_000)))
    (order,) = [each for part in read_orders(BulkFile(path, 2, 1), tmp_path) for each in part]
    assert len(order["lineItems"]["nodes"]) == 1


@pytest.mark.parametrize("how", ["pages", "bulk"])
def test_memory_does_not_grow_with_the_orders(how: str) -> None:
    few, many = measure(how, 3_000), measure(how, 9_000)
    assert (few.orders, many.orders) == (few.customers, many.customers) == (3_000, 9_000)
    # An order that is kept takes 20 kB; what a row group gathers before it is written is 3 kB.
    assert (many.peak_megabytes - few.peak_megabytes) * 1024 / 6_000 < 9
    assert many.peak_megabytes < 400
