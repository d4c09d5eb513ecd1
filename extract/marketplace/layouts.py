"""Layout maps: what a report's columns mean, as YAML that an owner can edit."""

import hashlib
import json
import re
from collections.abc import Iterable
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

import pyarrow as pa
import pyarrow.compute as pc
import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from extract.errors import ExtractError
from extract.marketplace.dates import ISO, check_format, contradict
from extract.marketplace.numbers import COMMA, DOT
from extract.marketplace.tables import LINE_TABLES, MOMENT_FIELDS, SET_BY_LAYOUT

SHIPPED_DIR = Path(__file__).parent / "layouts"
# The safe loader in C where PyYAML has it: ten times as fast.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";"}
_ROWS = {
    "order_lines": ("order_line", "unit"),
    "return_lines": ("return_line",),
    "ledger_lines": ("ledger_line",),
}


@lru_cache(maxsize=10_000)
def normalise(header: str) -> str:
    """Bring a header to the form in which two spellings of it are equal."""
    return re.sub(r"[\s_\-]+", "", header).casefold()


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnRule(_Strict):
    """Where a field comes from: the first of these headers that the file has.

    `pattern` takes its one group out of the value; a value it does not fit is taken whole.
    """

    header: Listed
    pattern: str | None = None

    @field_validator("pattern")
    @classmethod
    def _one_group(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                groups = re.compile(value).groups
                # Arrow runs it, and knows no look-around.
                pc.match_substring_regex(pa.scalar(""), value)
            except (re.error, pa.ArrowInvalid) as error:
                raise ValueError(f"is no regular expression that works here: {error}") from None
            if groups != 1:
                raise ValueError("needs exactly one group in round brackets")
        return value


def _column_rule(value: object) -> object:
    return {"header": value} if isinstance(value, str | list) else value


class EntryRule(_Strict):
    """Which lines of a ledger are of a kind: those that meet any of the tests given."""

    document_id_prefix: str | None = None
    column: str | None = None
    values: tuple[str, ...] = ()
    negative_quantity: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.column is None) != (not self.values):
            raise ValueError("column and values go together")
        if not (self.document_id_prefix or self.column or self.negative_quantity):
            raise ValueError("needs document_id_prefix, column with values, or negative_quantity")
        return self


class Layout(_Strict):
    """One report. Every key is explained in extract/README.md."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    source_note: str
    sub_channels: Annotated[Listed, Field(min_length=1)]
    table: Literal["order_lines", "return_lines", "ledger_lines"]
    row_is: Literal["order_line", "unit", "return_line", "ledger_line"]
    replaces: Literal["window", "order"]
    window_field: str
    delimiter: Literal["tab", "comma", "semicolon", "auto"]
    quoting: Literal["none", "csv"]
    decimal: Annotated[tuple[Literal[".", ","], ...], BeforeValidator(_listed)]
    thousands: bool = False
    dates: Annotated[Listed, Field(min_length=1)]
    months: dict[str, Annotated[int, Field(ge=1, le=12)]] = {}
    time_zone: Literal["in_value", "sub_channel"]
    currency: Literal["column", "sub_channel"]
    required: Annotated[Listed, Field(min_length=1)]
    columns: dict[str, Annotated[ColumnRule, BeforeValidator(_column_rule)]]
    also_known: tuple[str, ...] = ()
    constants: dict[str, str] = {}
    implies_refund: bool = False
    cancellation: EntryRule | None = None
    other: EntryRule | None = None

    @field_validator("dates")
    @classmethod
    def _readable_dates(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if problem := check_format(text):
                raise ValueError(f"{text!r}: {problem}")
        for index, first in enumerate(value):
            for second in value[index + 1 :]:
                if ISO not in (first, second) and contradict(first, second):
                    raise ValueError(f"{first!r} and {second!r} read one text as two days")
        return value

    @field_validator("decimal")
    @classmethod
    def _decimals(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or len(set(value)) != len(value):
            raise ValueError(f"must be {DOT!r}, {COMMA!r} or both")
        return value

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for problem in self._problems():
            raise ValueError(problem)
        return self

    def _problems(self) -> Iterable[str]:
        fields = [
            name for name in LINE_TABLES[self.table].column_names if name not in SET_BY_LAYOUT
        ]
        for key, names in (("columns", self.columns), ("constants", self.constants)):
            for name in names:
                if name not in fields:
                    yield f"{key}: {name!r} is no field of {self.table}{_nearest(name, fields)}"
        for name in self.required:
            if name not in self.columns:
                yield f"required: {name!r} has no entry in columns"
        if both := set(self.columns) & set(self.constants):
            yield f"constants: {min(both)!r} stands in columns too"
        if self.window_field not in MOMENT_FIELDS or self.window_field not in self.columns:
            yield f"window_field: {self.window_field!r} is no date field in columns"
        if self.row_is not in _ROWS[self.table]:
            yield f"row_is: in {self.table} a row is {' or '.join(_ROWS[self.table])}"
        if (self.currency == "column") != ("currency" in self.columns):
            yield "currency: say column when columns has a currency, else sub_channel"
        key = "document_id" if self.table == "ledger_lines" else "order_id"
        if key not in self.columns:
            yield f"columns: {key} is needed to know which lines belong together"
        if self.implies_refund and self.table != "return_lines":
            yield "implies_refund: only a report of returns can say so"
        if (self.cancellation or self.other) and self.table != "ledger_lines":
            yield "cancellation and other: only a ledger has them"
        taken: dict[str, str] = {}
        for name, rule in self.columns.items():
            for header in rule.header:
                other = taken.setdefault(normalise(header), name)
                if other != name and not (rule.pattern or self.columns[other].pattern):
                    yield f"columns: {header!r} feeds both {other} and {name}"

    @property
    def version(self) -> str:
        """A short hash of all that decides how a row is read; texts for people don't count."""
        content = self.model_dump(mode="json", exclude={"title", "source_note"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def delimiters(self) -> tuple[str, ...]:
        """The characters that may separate columns, in order of trial."""
        if self.delimiter == "auto":
            return tuple(DELIMITERS.values())
        return (DELIMITERS[self.delimiter],)

    def is_quoted(self, delimiter: str) -> bool:
        """Whether quotes mean something. In tab-separated text they never do."""
        return self.quoting == "csv" and delimiter != "\t"

    def serves(self, sub_channel: str) -> bool:
        """Whether this report may stand in that sub-channel's folder."""
        return any(fnmatchcase(sub_channel, pattern) for pattern in self.sub_channels)


def load_layouts(extra_dir: Path | None = None) -> tuple[Layout, ...]:
    """Read the layouts that ship and a company's own; its own win over one of the same name.

    Errors: ExtractError naming the file and the key at fault.
    """
    layouts = dict(_shipped())
    if extra_dir is not None:
        if not extra_dir.is_dir():
            raise ExtractError(f"MARKETPLACE_LAYOUTS_DIR: {extra_dir} is not a folder; correct it")
        layouts |= _read_folder(extra_dir)
    return tuple(layouts[name] for name in sorted(layouts))


@cache
def _shipped() -> dict[str, Layout]:
    return _read_folder(SHIPPED_DIR)


def _read_folder(folder: Path) -> dict[str, Layout]:
    paths = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])
    return {path.stem: read_layout(path) for path in paths}


def read_layout(path: Path) -> Layout:
    """Read one layout map.

    Errors: ExtractError naming the file and the key at fault.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" line {where.line + 1}" if where else ""
        raise ExtractError(f"layout {path}{line}: is not readable YAML; correct it") from None
    except OSError as error:
        raise ExtractError(f"layout {path}: can't be read: {error.strerror}") from None
    if not isinstance(content, dict):
        raise ExtractError(f"layout {path}: must be a list of `key: value` lines")
    try:
        layout = Layout.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        text = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            text = f"is no key of a layout{_nearest(where, Layout.model_fields)}"
        raise ExtractError(f"layout {path}: {f'{where}: ' if where else ''}{text}") from None
    if layout.name != path.stem:
        raise ExtractError(
            f"layout {path}: name is {layout.name!r} but the file is called {path.stem!r}; "
            "give both the same name"
        )
    return layout


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
