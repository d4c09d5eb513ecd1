"""Ids that were met in a run, in memory that a million of them don't strain."""

from array import array

_FIRST_BITS = 12
_EMPTY = 0


class IdSet:
    """A set of positive numbers below 2**64 that only grows, at 12 to 24 bytes each.

    Python's own takes about 100.
    """

    def __init__(self) -> None:
        self._bits = _FIRST_BITS
        self._slots = _slots(self._bits)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, number: int) -> bool:
        return self._slots[self._place(number)] == number

    def add(self, number: int) -> bool:
        """Add a number and say whether it is new."""
        place = self._place(number)
        if self._slots[place] == number:
            return False
        self._slots[place] = number
        self._count += 1
        if self._count * 3 > len(self._slots) * 2:
            self._grow()
        return True

    def _place(self, number: int) -> int:
        slots = self._slots
        # The size is odd: ids of a shop are 32,768 apart, which a power of two would crowd.
        size = len(slots)
        place = number % size
        while slots[place] != _EMPTY and slots[place] != number:
            place = place + 1 if place + 1 < size else 0
        return place

    def _grow(self) -> None:
        before = self._slots
        self._bits += 1
        self._slots = _slots(self._bits)
        for number in before:
            if number != _EMPTY:
                self._slots[self._place(number)] = number


def _slots(bits: int) -> "array[int]":
    size = 2**bits - 1
    return array("Q", bytes(8 * size))
