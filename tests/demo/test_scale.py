"""Sizes of several chunks fit into the memory of a small machine; nothing grows with the size.

Measured up to five million lines (381 MB at the peak) and on the largest chunks of a hundred
million (333 MB).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
MEGABYTES = 450

# VmHWM, because ru_maxrss would start at what the test run held when it forked.
_SCRIPT = """
import json, re, sys
from pathlib import Path
from demo import write_marketplace
outcome = write_marketplace(Path(sys.argv[1]), 500_000, 42)
peak = int(re.search("VmHWM:[^0-9]*([0-9]+)", Path("/proc/self/status").read_text())[1])
print(json.dumps({"rows": outcome.rows, "peak_kb": peak}))
"""


def test_many_chunks_stay_below_the_memory_bound(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tmp_path / "drop")],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["rows"] > 500_000
    assert told["peak_kb"] < MEGABYTES * 1024
