"""The fast way through a block and the patient one must never differ."""

import random
from collections.abc import Iterator

import pyarrow as pa
import pytest
from extract_shop import Shop

from extract.marketplace import headers, layouts, records, text, uniform

CELLS = ["", " ", "x", "12", " pad ", "é", 'in "the" middle', "a\rb", "ORDER_ID", "\u00a0", "1,5"]
QUOTED = ['"q"', '"a, b"', '"say ""hi"""', '""', '"two\nlines"', '"open', 'shut"', '"bad"x']
HEADER = "order_id,ordered_at,sku,quantity,note"


def _match(separator: str) -> headers.Match:
    line = HEADER.replace(",", separator)
    return headers.match_header(line, "onbuy", layouts.load_layouts(), "onbuy/a")


def _content(seed: int, separator: str, *, mess: float, quotes: float) -> bytes:
    chance = random.Random(seed)
    lines = [HEADER.replace(",", separator)]
    for number in range(300):
        if chance.random() < mess:
            lines.append(chance.choice(["", " ", lines[0], separator * 4, "x"]))
            continue
        cells = [str(number), "2025-01-01", "A", "1", chance.choice(CELLS)]
        if chance.random() < quotes:
            cells[chance.randrange(5)] = chance.choice(QUOTED)
        if chance.random() < mess:
            cells += chance.choice([["", ""], ["beyond"]])
        if chance.random() < mess:
            cells = cells[: chance.randrange(1, 5)]
        lines.append(separator.join(cells))
    return "\n".join(lines).encode()


def _read(content: bytes, separator: str, size: int) -> Iterator[tuple[object, ...]]:
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    reader = records.RowReader(_match(separator))
    blank_lines = repeated = 0
    for rows in reader.read(text.line_blocks(pieces, "onbuy/a")):
        blank_lines += rows.blank_lines
        repeated += rows.repeated_headers
        columns = [column.to_pylist() for column in rows.columns]
        for index, cells in enumerate(zip(*columns, strict=True)):
            yield rows.numbers[index].as_py(), cells, rows.raw(index)
        for reject in rows.rejects:
            yield reject.row_number, reject.code, reject.raw
    yield 10**9, blank_lines, repeated


@pytest.mark.parametrize("separator", ["\t", ",", ";"], ids=["tab", "comma", "semicolon"])
@pytest.mark.parametrize("mess", [0.0, 0.004, 0.2])
@pytest.mark.parametrize("seed", range(3))
def test_the_same_rows_whatever_the_way_and_the_size_of_a_block(
    monkeypatch: pytest.MonkeyPatch, separator: str, mess: float, seed: int
) -> None:
    content = _content(seed, separator, mess=mess, quotes=mess)
    fast_blocks = []
    split = uniform.UniformReader._split

    def patient(_: uniform.UniformReader, __: text.LineBlock) -> None:
        return None

    def counted(
        reader: uniform.UniformReader, block: text.LineBlock
    ) -> list[pa.StringArray] | None:
        columns = split(reader, block)
        fast_blocks.append(columns is not None)
        return columns

    monkeypatch.setattr(uniform.UniformReader, "_split", patient)
    whole = sorted(_read(content, separator, len(content)), key=str)
    monkeypatch.setattr(uniform.UniformReader, "_split", counted)
    monkeypatch.setattr(uniform, "_PATIENCE", 10**9)
    for size in (300, 2_000):
        assert sorted(_read(content, separator, size), key=str) == whole
    if mess < 0.1:
        assert any(fast_blocks)


def test_a_file_of_many_blocks_lands_in_order(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.marketplace.reading.CHUNK_BYTES", 5_000)
    rows = [f"{number},2025-01-01,A,1,n{number}" for number in range(3_000)]
    rows[1_500] = '1500,2025-01-01,A,1,"n\n1500"'
    shop.put("onbuy/a.csv", "\n".join([HEADER, *rows]))
    shop.run()
    landed = shop.rows("order_lines", "order_id", "_row_number")
    assert [int(order) for order, _ in landed] == list(range(3_000))
    assert [number for _, number in landed[1_499:1_502]] == [1_501, 1_502, 1_504]
