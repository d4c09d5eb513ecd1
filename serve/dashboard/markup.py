"""The static pages as HTML: everything inside one file, every text of a shop escaped."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa

from serve.dashboard.charts import Chart
from serve.dashboard.columns import LONG_TEXTS, column, is_number, shown
from serve.dashboard.data import About

STALE_HOURS = 36
_ASSETS = Path(__file__).parent / "assets"
# The page may run what is written in it and ask nobody for anything.
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline' 'unsafe-eval'; base-uri 'none'; form-action 'none'"
)


@dataclass
class Page:
    """One page as it is put together; what is added stands in that order."""

    name: str
    title: str
    parts: list[str] = field(default_factory=list)
    specs: list[str] = field(default_factory=list)

    def heading(self, text: str) -> None:
        """Add a section."""
        self.parts.append(f"<h2>{escape(text)}</h2>")

    def text(self, text: str, link: str | None = None, note: str = "") -> None:
        """Add a paragraph, as a link if it leads to one of our own pages, with a note behind."""
        content = f'<a href="{link}">{escape(text)}</a>' if link else escape(text)
        self.parts.append(f"<p>{content} {escape(note)}</p>" if note else f"<p>{content}</p>")

    def figures(self, figures: Sequence[tuple[str, str, str]]) -> None:
        """Add headline numbers: label, value, and what stands below it."""
        cells = "".join(
            f"<div><dt>{escape(label)}</dt><dd>{escape(value)}<small>{escape(note)}</small></dd>"
            "</div>"
            for label, value, note in figures
        )
        self.parts.append(f'<dl class="figures">{cells}</dl>')

    def chart(self, chart: Chart, rows: int) -> None:
        """Add a chart, or a sentence where there is nothing to draw."""
        if not rows:
            self.parts.append('<p class="empty">Nothing to draw here.</p>')
            return
        spec = chart.to_dict()
        name = f"{self.name}-{len(self.specs)}"
        label = escape(str(spec.get("description", "Chart")), quote=True)
        self.parts.append(f'<div class="chart" data-spec="{name}" role="img" aria-label="{label}">'
                          "</div>")  # fmt: skip
        # A closing tag within a text would end the element that holds it.
        content = json.dumps(spec, ensure_ascii=False).replace("<", "\\u003c")
        self.specs.append(f'<script type="application/json" id="{name}">{content}</script>')

    def table(self, table: pa.Table, label: str) -> None:
        """Add a table that sorts and searches, or a sentence where it has no rows."""
        if not table.num_rows:
            self.parts.append(f'<p class="empty">No rows: {escape(label.lower())}.</p>')
            return
        names = table.column_names
        heads = "".join(_head(name) for name in names)
        rows = "".join(
            f"<tr>{''.join(_cell(name, row[name]) for name in names)}</tr>"
            for row in table.to_pylist()
        )
        self.parts.append(
            f'<div class="sortable"><label class="search">Search {escape(label.lower())} '
            f'<input type="search"></label>'
            f'<p class="shown" role="status">{table.num_rows:,} rows shown</p>'
            f'<div class="table" tabindex="0" role="region" aria-label="{escape(label)}">'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></div>"
        )


def render(page: Page, pages: Sequence[Page], about: About) -> str:
    """Return the whole file of a page."""
    links = "".join(
        f'<li><a href="{other.name}.html"{_current(other is page)}>{escape(other.title)}</a></li>'
        for other in pages
    )
    demo = (
        '<p class="demo">DEMO DATA: a made-up company, because no source is configured</p>'
        if about.is_demo
        else ""
    )
    style, script, vega = (_asset(name) for name in ("page.css", "page.js", "vega.js"))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(page.title)} · Refunds</title><style>{style}</style></head><body>"
        f'<a class="skip" href="#content">Skip to the content</a><header>{demo}'
        f'<nav aria-label="Views"><ul>{links}</ul></nav></header><main id="content">'
        f"<h1>{escape(page.title)}</h1>"
        f'<p class="about">As of {about.as_of:%Y-%m-%d %H:%M} UTC. '
        f"Publication {escape(about.publication_id)}, {about.published_at:%Y-%m-%d %H:%M} UTC, "
        f'<span data-published="{about.published_at.isoformat()}" '
        f'data-stale-hours="{STALE_HOURS}">age unknown</span>.</p>'
        f"{''.join(page.parts)}</main><footer>Money in USD. Rates count units, by the date of the "
        "order, unless a title says otherwise. Customers are keys; nobody is named here.</footer>"
        f"{''.join(page.specs)}<script>{vega}</script><script>{script}</script></body></html>\n"
    )


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _current(is_current: bool) -> str:
    return ' aria-current="page"' if is_current else ""


def _head(name: str) -> str:
    about = column(name)
    kind = ' class="n"' if is_number(name) else ""
    tip = f' title="{escape(about.help, quote=True)}"' if about.help else ""
    return f'<th scope="col"{kind}><button type="button"{tip}>{escape(about.label)}</button></th>'


def _cell(name: str, value: Any) -> str:
    text = escape(shown(name, value))
    if is_number(name):
        return f'<td class="n" data-v="{"" if value is None else value}">{text}</td>'
    if value is None:
        return f'<td data-v="">{text}</td>'
    if name == "severity":
        return f'<td class="severity">{text}</td>'
    return f'<td class="long">{text}</td>' if name in LONG_TEXTS else f"<td>{text}</td>"
