"""A file needs time in proportion to its size, and memory that does not depend on it."""

import subprocess
import sys
from pathlib import Path

from extract_shop import Shop

HEADER = (
    "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
    "fulfillment-channel\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\t"
    "item-tax\tship-city\tship-country\n"
)
BLOCK_ROWS = 1_000
MEGABYTE = 1_000_000

# Measures itself by VmHWM: ru_maxrss would start at what the test run held when it forked.
SCRIPT = """
import re, sys
from pathlib import Path
from extract.runner import run_marketplace
from extract.settings import Settings

root = Path(sys.argv[1])
summary = run_marketplace(Settings(raw_dir=root / sys.argv[2], marketplace_dir=root / sys.argv[3],
                                   sub_channels_file=root / "sub_channels.csv"))
peak = re.search("VmHWM:[^0-9]*([0-9]+)", Path("/proc/self/status").read_text())[1]
print(summary.rows["order_lines"], peak)
"""


def _write(path: Path, megabytes: int) -> int:
    """Write rows whose ids differ, cheaply: one block of text per thousand rows."""
    path.parent.mkdir(parents=True)
    block = "".join(
        f"171-@@@@@-{row:04}\t171-@@@@@-{row:04}\t2025-06-"
        f"{row % 28 + 1:02}T08:04:{row % 60:02}+00:00\t"
        "2025-06-29T22:07:59+00:00\tShipped\tAmazon\t"
        f"A product with a rather long name {row}\tSKU-{row}\tB{row:09}\tShipped\t1\tAED\t"
        f"{row}.95\t4.50\tDubai\tAE\n"
        for row in range(BLOCK_ROWS)
    )
    rows = 0
    with path.open("w") as file:
        file.write(HEADER)
        while file.tell() < megabytes * MEGABYTE:
            file.write(block.replace("@@@@@", f"{rows // BLOCK_ROWS:05}"))
            rows += BLOCK_ROWS
    return rows


def _peak(shop: Shop, name: str) -> tuple[int, float]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, shop.root, f"raw_{name}", name],
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        cwd=shop.root,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    rows, peak_kilobytes = done.stdout.split()
    return int(rows), int(peak_kilobytes) / 1_000


def test_a_large_file_needs_no_more_memory_than_one_a_third_of_its_size(shop: Shop) -> None:
    assert shop.settings
    expected = {"small": 32, "large": 96}
    peaks = {}
    for name, megabytes in expected.items():
        rows = _write(shop.root / name / "amazon_ae" / "orders.txt", megabytes)
        landed, peaks[name] = _peak(shop, name)
        assert landed == rows
    assert peaks["large"] < 350
    assert peaks["large"] < peaks["small"] + 40
