"""Counter-based randomness: a draw is a function of (seed, stream, number) and of nothing else.

Every number of the company can be computed on its own, in any order, by Python and by SQL alike,
so nothing has to be kept in memory and a second run writes the same bytes. MD5 is used because its
value is fixed by a standard; `hash()` and `random()` of a database may change with its version.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

DRAW_BITS = 16
DRAW_RANGE = 1 << DRAW_BITS
"""A draw is a whole number in [0, DRAW_RANGE). One hash holds eight of them."""


def draws(seed: int, stream: str, number: int) -> tuple[int, ...]:
    """Return the eight draws of a hash, numbered as by the SQL macro `draw(h, k)`."""
    # DuckDB's md5_number takes the first byte as the lowest.
    text = f"{seed}:{stream}:{number}"
    value = int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest(), "little")
    return tuple(value >> (DRAW_BITS * place) & (DRAW_RANGE - 1) for place in range(8))


def limit(share: float) -> int:
    """Return the draw below which an event of this probability happens."""
    return round(share * DRAW_RANGE)


def slots(weights: Sequence[float], count: int) -> list[int]:
    """Spread indexes over `count` equal slots in proportion to their weights.

    A draw picks a slot, so a weighted choice is one lookup. Every index with a weight worth half a
    slot or more gets at least one.
    """
    total = sum(weights)
    edges = [edge / total for edge in accumulate(weights)]
    return [
        min(bisect_right(edges, (slot + 0.5) / count), len(weights) - 1) for slot in range(count)
    ]
