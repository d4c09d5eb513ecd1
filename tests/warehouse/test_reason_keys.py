"""The normaliser: what is the same reason gets the same key, in every script."""

import random

import reason_build

# Blocks whose letters compose, fold or hide: Latin, marks, Arabic, Indic, kana, Hangul...
_BLOCKS = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x370, 0x4FF), (0x5D0, 0x5EA), (0x600, 0x6FF),
    (0x900, 0x97F), (0xE00, 0xE5B), (0x1100, 0x11FF), (0x1E00, 0x1EFF), (0x2000, 0x206F),
    (0x3040, 0x30FF), (0x4E00, 0x4E80), (0xAC00, 0xAC80), (0xFB00, 0xFB06), (0xFB50, 0xFBFF),
    (0xFE70, 0xFEFC), (0xFF00, 0xFF5E), (0x1F600, 0x1F640),
]  # fmt: skip


def test_cases_have_the_keys_they_are_listed_with() -> None:
    found = dict(
        reason_build.built()
        .execute("select raw_reason, reason_key from intermediate.int_reasons__keyed")
        .fetchall()
    )
    wrong = {raw: (found[raw], key) for raw, key in reason_build.key_cases() if found[raw] != key}
    assert not wrong, f"raw: (key, wanted) {wrong}"


def test_normalising_twice_changes_nothing() -> None:
    dice = random.Random(5)
    texts = {
        "".join(chr(dice.randint(*dice.choice(_BLOCKS))) for _ in range(dice.randint(1, 24)))
        for _ in range(4_000)
    }
    texts |= {f"{dice.choice(['CR-', 'cr_', ' Cr-', ''])}{text}" for text in list(texts)[:500]}
    once = reason_build.normalised(sorted(texts))
    twice = reason_build.normalised([key for key in once if key])
    assert twice == [key for key in once if key]
