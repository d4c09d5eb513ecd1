"""What may lie in a drop folder, in which wrapping, and what is refused in one clear line."""

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest
from extract_shop import Shop, tsv

from extract.errors import ExtractError

ORDERS = tsv("order_id|ordered_at|sku|quantity", "1|2025-01-01|A|1", "2|2025-01-02|B|2")


def _zip(members: dict[str, bytes], *, inside: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(inside + name, content)
    return packed.getvalue()


def _refused(shop: Shop, **options: bool) -> str:
    with pytest.raises(ExtractError) as caught:
        shop.run(**options)
    text = str(caught.value)
    assert "\n" not in text
    assert not (shop.raw / "marketplace").exists() or not list(shop.raw.glob("*/run=*"))
    assert shop.partials() == []
    return text


@pytest.mark.parametrize("name", ["a.tsv", "a.tsv.gz", "a"])
def test_gzip_is_known_by_its_bytes_and_not_by_its_name(shop: Shop, name: str) -> None:
    twice = gzip.compress(ORDERS[:30].encode()) + gzip.compress(ORDERS[30:].encode())
    shop.put(f"onbuy/2025/{name}", twice)
    shop.run()
    [file] = shop.rows("files")
    assert (file["container"], file["file_bytes"]) == ("gzip", len(ORDERS))
    assert file["_source_file"] == f"onbuy/2025/{name}"
    assert len(shop.rows("order_lines")) == 2


def test_a_zip_holds_any_number_of_reports(shop: Shop) -> None:
    other = tsv("order_id|requested_at", "1|2025-01-05")
    members = {
        "deep/er/b.tsv": other.encode(),
        "a.txt": ORDERS.encode("utf-16"),
        "c.tsv.gz": gzip.compress(ORDERS.replace("A", "C").encode()),
        "__MACOSX/._a.txt": b"junk",
        ".DS_Store": b"junk",
        "deep/": b"",
    }
    shop.put("onbuy/all.zip", _zip(members))
    summary = shop.run()
    assert shop.rows("files", "_source_file", "container", "encoding", "table_name") == [
        ("onbuy/all.zip!a.txt", "zip", "utf-16", "order_lines"),
        ("onbuy/all.zip!c.tsv.gz", "zip", "utf-8", "order_lines"),
        ("onbuy/all.zip!deep/er/b.tsv", "zip", "utf-8", "return_lines"),
    ]
    assert len(shop.rows("order_lines")) == 4
    assert summary.warnings == []
    assert "onbuy/all.zip!.DS_Store" in summary.told[-1]


@pytest.mark.parametrize("cut", [10, 40, -3])
def test_a_cut_off_gzip_lands_nothing(shop: Shop, cut: int) -> None:
    shop.put("onbuy/good.tsv", ORDERS)
    shop.put("onbuy/bad.tsv.gz", gzip.compress(os.urandom(200))[:cut])
    text = _refused(shop)
    assert text.startswith("onbuy/bad.tsv.gz is damaged or was cut off")


def test_a_corrupt_gzip_or_zip_lands_nothing(shop: Shop) -> None:
    packed = bytearray(gzip.compress(ORDERS.encode()))
    packed[20] ^= 0xFF
    path = shop.put("onbuy/bad.gz", bytes(packed))
    assert "onbuy/bad.gz is damaged" in _refused(shop)
    path.unlink()
    packed = bytearray(_zip({"a.tsv": ORDERS.encode()}))
    packed[45] ^= 0xFF
    path = shop.put("onbuy/bad.zip", bytes(packed))
    assert "onbuy/bad.zip!a.tsv is damaged" in _refused(shop)
    path.unlink()
    shop.put("onbuy/cut.zip", _zip({"a.tsv": ORDERS.encode()})[:-30])
    assert "onbuy/cut.zip is damaged" in _refused(shop)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (_zip({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), "is a spreadsheet"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "is a spreadsheet"),
        (_zip({"a.xlsx": _zip({"[Content_Types].xml": b"<x/>"})}), "in a zip; unpack it first"),
        (_zip({}), "a zip with nothing in it"),
        (b"7z\xbc\xaf'\x1c" + bytes(50), "is a 7z archive"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"BZh91AY" + bytes(50), "is bzip2"),
        (gzip.compress(b"%PDF-1.7\n"), "is a PDF"),
        (b"\x00\x01\x02binary", "is no text file"),
        (ORDERS.encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"\xff\xfe\x00", "starts like UTF-16 but is not"),
        (b"", "is empty"),
        (b"\n \n\t\n", "is empty"),
    ],
    # Not the bytes, which hold the time of packing: the processes of one run must agree on names.
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_what_is_no_report_is_refused_with_what_to_do(
    shop: Shop, content: bytes, expected: str
) -> None:
    shop.put("onbuy/a.bin", content)
    assert expected in _refused(shop)


def test_a_zip_with_a_password_is_refused(shop: Shop) -> None:
    packed = bytearray(_zip({"a.tsv": ORDERS.encode()}))
    packed[6] |= 1
    central = packed.index(b"PK\x01\x02")
    packed[central + 8] |= 1
    shop.put("onbuy/a.zip", bytes(packed))
    assert "onbuy/a.zip!a.tsv is protected by a password" in _refused(shop)


def test_a_line_without_end_is_refused_instead_of_filling_the_memory(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.marketplace.text._LONGEST_LINE", 10_000)
    monkeypatch.setattr("extract.marketplace.reading.CHUNK_BYTES", 4_000)
    shop.put("onbuy/a.tsv", ORDERS + "x" * 20_000)
    assert "onbuy/a.tsv has a line of more than" in _refused(shop)


def test_a_file_outside_a_sub_channel_is_refused(shop: Shop) -> None:
    shop.put("a.tsv", ORDERS)
    text = _refused(shop)
    assert "lies directly in MARKETPLACE_DIR" in text
    assert "amazon_ae/a.tsv" in text


def test_an_unknown_sub_channel_names_the_nearest(shop: Shop) -> None:
    shop.put("amazon_uae/a.tsv", ORDERS)
    assert "'amazon_uae' is no known sub-channel, the nearest is 'amazon_ae'" in _refused(shop)


def test_hidden_and_unfinished_files_are_left_alone_and_said(shop: Shop) -> None:
    for name in (".DS_Store", "~$a.tsv", ".git/config", "Thumbs.db"):
        shop.put(f"onbuy/{name}", "junk")
    shop.put(".hidden", "junk")
    for name in ("a.tsv.part", "a.crdownload", "a.TMP", "a.filepart"):
        shop.put(f"onbuy/{name}", "junk")
    shop.put("onbuy/a.tsv", ORDERS)
    summary = shop.run()
    assert [text.split()[0] for text in summary.warnings] == [
        "onbuy/a.TMP",
        "onbuy/a.crdownload",
        "onbuy/a.filepart",
        "onbuy/a.tsv.part",
    ]
    assert ".hidden, onbuy/.DS_Store, onbuy/.git, onbuy/Thumbs.db" in summary.told[-1]
    assert len(shop.rows("files")) == 1


def test_an_empty_drop_folder_is_a_run_without_files(shop: Shop) -> None:
    summary = shop.run()
    assert (summary.is_configured, summary.told) == (True, ["no files in the drop folder"])
    assert summary.manifest is not None and not summary.manifest.is_empty_run
    assert shop.rows("files") == []


def test_a_drop_folder_that_is_not_there_is_refused(shop: Shop) -> None:
    shop.changes["marketplace_dir"] = shop.root / "nowhere"
    assert "MARKETPLACE_DIR" in _refused(shop)


def test_folders_anywhere_are_read_as_the_sub_channel_they_are_given(shop: Shop) -> None:
    elsewhere = shop.root / "exports"
    (elsewhere / "old").mkdir(parents=True)
    (elsewhere / "old" / "a.tsv").write_text(ORDERS)
    shop.changes = {"marketplace_dir": None, "marketplace_folders": (("noon_ae", elsewhere),)}
    shop.run()
    assert shop.rows("files", "_source_file", "sub_channel") == [("noon_ae/old/a.tsv", "noon_ae")]


def test_two_files_of_one_name_from_two_folders_are_refused(shop: Shop) -> None:
    shop.put("onbuy/a.tsv", ORDERS)
    elsewhere = shop.root / "exports"
    elsewhere.mkdir()
    (elsewhere / "a.tsv").write_text(ORDERS)
    shop.changes = {"marketplace_folders": (("onbuy", elsewhere),)}
    assert "would both be known as onbuy/a.tsv" in _refused(shop)


def test_links_are_followed_and_loops_are_not(shop: Shop) -> None:
    shop.put("onbuy/a.tsv", ORDERS)
    (shop.drop / "onbuy" / "again").symlink_to(shop.drop / "onbuy")
    elsewhere = shop.root / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b.tsv").write_text(ORDERS.replace("A", "Z"))
    (shop.drop / "onbuy" / "linked").symlink_to(elsewhere)
    shop.run()
    assert shop.rows("files", "_source_file") == [("onbuy/a.tsv",), ("onbuy/linked/b.tsv",)]


def test_a_file_that_changes_while_it_is_read_lands_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop.put("onbuy/a.tsv", ORDERS)
    from extract.marketplace import source

    def edited(*arguments: object) -> object:
        path.write_text(ORDERS.replace("A", "Z"))
        return original(*arguments)

    original = source._styles
    monkeypatch.setattr(source, "_styles", edited)
    assert "onbuy/a.tsv changed while it was read" in _refused(shop)


def test_a_file_name_that_is_not_text_is_refused(shop: Shop) -> None:
    folder = shop.drop / "onbuy"
    folder.mkdir(parents=True)
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.tsv")).write_text(ORDERS)
    assert "not UTF-8; rename it" in _refused(shop)


def test_a_broken_link_does_not_pass_for_an_empty_folder(shop: Shop) -> None:
    shop.put("onbuy/a.csv", "order_id,ordered_at,sku,quantity\n1,2026-01-01,A,1\n")
    (shop.drop / "onbuy" / "unmounted.csv").symlink_to(shop.root / "nowhere.csv")
    with pytest.raises(ExtractError, match="broken link"):
        shop.run()
