"""What all live pages share: who looks, which publication, the filters in the URL, the tables."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import streamlit as st

from serve.dashboard.access import (
    Person,
    local_person,
    read_sign_in,
    refuse_open_door,
    secrets_file,
)
from serve.dashboard.charts import Chart
from serve.dashboard.columns import DASH, column, csv_text
from serve.dashboard.data import About, Marts
from serve.dashboard.filters import (
    ALL,
    PERIODS,
    Choices,
    Filters,
    period_text,
    read_choices,
    read_filters,
)
from serve.dashboard.markup import STALE_HOURS
from serve.errors import ServeError
from serve.publish import published_paths
from serve.workspace import Workspace, open_workspace

_NAMES = ("period", "channel", "sub_channel", "category")
_OWN_PERIOD = "own"
_FORMATS = {"count": "%,d", "money": "%,.2f", "share": "percent", "number": "%.2f"}
_SAVED = "chosen_filters"
_STYLE = """<style>
.stMainBlockContainer { padding-top: 4rem; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] * {
    color: #4d565f; opacity: 1;
}
/* A link that leads to the page it stands on is still a link to something else. */
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] { background: none; }
[data-testid="stMain"] [data-testid="stPageLink-NavLink"] * {
    font-weight: 600; white-space: normal; overflow: visible;
}
.st-key-look_first [data-testid="stCaptionContainer"] { margin: -0.9rem 0 0 2.1rem; }
[data-testid="stVegaLiteChart"] { overflow-x: auto; }
@media (max-width: 640px) {
    .st-key-pairs [data-testid="stColumn"], .st-key-filters [data-testid="stColumn"] {
        min-width: calc(50% - 1rem); flex: 1 1 calc(50% - 1rem);
    }
    .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; }
    h1 { font-size: 2rem; }
    [data-testid="stMetricValue"] { font-size: 1.3rem; }
}
</style>"""


@dataclass(frozen=True)
class View:
    """What one run of a page works with."""

    workspace: Workspace
    marts: Marts
    about: About
    filters: Filters
    person: Person


def open_page(title: str, *, with_filters: bool = True) -> View:
    """Head the page and return what it works with; stop it where there is nothing to show."""
    workspace = open_workspace()
    person = _signed_in(workspace)
    marts = _marts(published_paths(workspace.warehouse_dir)[0])
    st.html(_STYLE)
    st.title(title, anchor=False)
    try:
        about = marts.about
        choices = read_choices(marts)
    except ServeError as error:
        st.info("Nothing to show yet.")
        # Plain text: what a fault quotes is no markup.
        st.text(str(error))
        st.stop()
    if not marts.has("category_kpis_daily"):
        st.info("What is published is older than these pages; run `make run`.")
        st.stop()
    _banner(about)
    filters = _filters(choices, about) if with_filters else Filters()
    return View(workspace, marts, about, filters, person)


def number_cards(numbers: Sequence[tuple[str, str, str]], across: int) -> None:
    """Show numbers as cards: label, value and what stands below it."""
    place = st.container(key="pairs")
    for first in range(0, len(numbers), across):
        cards = place.columns(across)
        for card, (label, value, note) in zip(cards, numbers[first:], strict=False):
            with card.container(border=True):
                st.metric(label, value)
                st.caption(escaped(note))


def escaped(text: Any) -> str:
    """Return a text that shows as itself where Streamlit reads Markdown."""
    return "".join(f"\\{sign}" if sign in _MARKDOWN else sign for sign in str(text))


_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~$:&")


def chart(view: View, name: str, drawn: Callable[[], Chart], rows: int) -> None:
    """Draw a chart, or say that there is nothing to draw. It depends on the choice and `name`."""
    if not rows:
        st.info("Nothing to draw for this choice; widen the period or the channel.")
        return
    # Altair takes longer to put a chart together than the marts to answer.
    text = view.marts.kept(
        ("chart", name, view.filters), lambda: drawn().to_json(validate=False, indent=None)
    )
    spec = json.loads(text)
    width: Literal["stretch", "content"] = "stretch" if spec["width"] == "container" else "content"
    st.vega_lite_chart(spec=spec, width=width, theme=None)


def table(
    rows: pa.Table,
    name: str,
    *,
    columns: Sequence[str] | None = None,
    search: bool = True,
    pick: bool = False,
    whole: Callable[[], pa.Table] | None = None,
) -> dict[str, Any] | None:
    """Show a table that sorts by its headings, searches and downloads; return the row picked.

    `whole` makes what is downloaded where that is more than what is shown.
    """
    if not rows.num_rows:
        st.info("No rows for this choice.")
        return None
    shown = (
        rows.select([each for each in columns if each in rows.column_names]) if columns else rows
    )
    left, right = st.columns([6, 1], vertical_alignment="bottom")
    if search:
        wanted = left.text_input("Search", key=f"search_{name}", placeholder="part of any cell")
        rows, shown = _matching(rows, shown, wanted)
    right.download_button(
        "CSV",
        data=lambda: csv_text(whole() if whole else shown),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv_{name}",
        width="stretch",
        help="These rows, with the column names of the marts.",
        on_click="ignore",
    )
    event: Any = st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        column_config={each: _config(each) for each in shown.column_names},
        key=f"table_{name}",
        on_select="rerun" if pick else "ignore",
        selection_mode="single-row",
        placeholder=DASH,
        alt=f"Table of {shown.num_rows} rows; the CSV button has all of them",
    )
    picked = event.selection.rows if pick else []
    if picked and picked[0] < rows.num_rows:
        found: dict[str, Any] = rows.slice(picked[0], 1).to_pylist()[0]
        return found
    return None


def open_detail(name: str, value: str) -> None:
    """Show one thing instead of the list; its address can be shared."""
    st.query_params[name] = value
    st.rerun()


def close_detail(name: str, label: str) -> None:
    """Offer the way back to the list."""
    if st.button(f"← {label}"):
        del st.query_params[name]
        st.rerun()


@st.cache_resource(show_spinner=False)
def _marts(database: Path) -> Marts:
    return Marts(database)


def _signed_in(workspace: Workspace) -> Person:
    sign_in = read_sign_in(secrets_file(workspace.project_dir))
    try:
        # Here too, because Streamlit can be started without our command.
        refuse_open_door(st.get_option("server.address"), sign_in)
    except ServeError as error:
        st.error("Not served to other machines.")
        st.text(str(error))
        st.stop()
    if sign_in is None:
        return local_person()
    if not st.user.is_logged_in:
        st.title("Refunds", anchor=False)
        st.button("Sign in", on_click=st.login, type="primary")
        st.stop()
    person = sign_in.person(st.user.to_dict())
    if person is None:
        st.error("You are signed in, but have no role here. Ask whoever keeps the list of roles.")
        st.button("Sign out", on_click=st.logout)
        st.stop()
    return person


def _banner(about: About) -> None:
    if about.is_demo:
        st.warning("**DEMO DATA**: a made-up company, because no source is configured")
    now = datetime.now(UTC)
    text = (
        f"As of {about.as_of:%Y-%m-%d %H:%M} UTC · published {about.age_text(now)} "
        f"({about.published_at:%Y-%m-%d %H:%M} UTC) · publication {about.publication_id}"
    )
    if now - about.published_at > timedelta(hours=STALE_HOURS):
        st.warning(f"**Stale.** {text}. See whether last night's run failed.")
    else:
        st.caption(text)


def _filters(choices: Choices, about: About) -> Filters:
    given = {name: st.query_params[name] for name in _NAMES if name in st.query_params}
    if given:
        st.session_state[_SAVED] = given
    else:
        # Another page was opened: what was chosen holds there too.
        given = st.session_state.get(_SAVED, {})
        st.query_params.update(given)
    as_of = about.as_of.date()
    filters = read_filters(given, choices, as_of)
    period = given.get("period", ALL)
    if period not in PERIODS:
        period = _OWN_PERIOD if filters.has_period else ALL
    state = st.session_state
    state.filter_period = period
    state.filter_channel = filters.channel or ALL
    state.filter_sub_channel = filters.sub_channel or ALL
    state.filter_category = filters.category or ALL
    names = PERIODS | {_OWN_PERIOD: "Between two days"}
    boxes = st.container(key="filters").columns(4)
    boxes[0].selectbox(
        "Period", list(names), format_func=names.__getitem__, key="filter_period",
        on_change=_chosen, args=("period", choices),
    )  # fmt: skip
    sub_channels = [
        sub_channel
        for channel, found in choices.channels.items()
        for sub_channel in found
        if filters.channel in (None, channel)
    ]
    for box, name, label, options in (
        (boxes[1], "channel", "Channel", list(choices.channels)),
        (boxes[2], "sub_channel", "Sub-channel", sub_channels),
        (boxes[3], "category", "Category", list(choices.categories)),
    ):
        box.selectbox(
            label, [ALL, *options], key=f"filter_{name}", on_change=_chosen, args=(name, choices)
        )
    if period == _OWN_PERIOD and filters.since and filters.until:
        state.filter_days = (filters.since, filters.until - timedelta(days=1))
        st.date_input(
            "First and last day, UTC", key="filter_days", on_change=_chosen, args=("days", choices)
        )
    return filters


def _chosen(name: str, choices: Choices) -> None:
    """Write a filter that was just changed to the URL."""
    value = st.session_state[f"filter_{name}"]
    if name == "days":
        if len(value) < 2:
            return
        name, value = "period", period_text(*value)
    elif value == _OWN_PERIOD:
        last = choices.last_day or date.today()
        value = period_text(last - timedelta(days=90), last)
    if name == "channel":
        st.query_params.pop("sub_channel", None)
    if value == ALL:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value
    st.session_state[_SAVED] = {
        each: st.query_params[each] for each in _NAMES if each in st.query_params
    }


def _matching(rows: pa.Table, shown: pa.Table, wanted: str) -> tuple[pa.Table, pa.Table]:
    words = wanted.casefold().split()
    if not words:
        return rows, shown
    texts = [
        " ".join(str(value) for value in row.values() if value is not None).casefold()
        for row in shown.to_pylist()
    ]
    found = [index for index, text in enumerate(texts) if all(word in text for word in words)]
    indexes = pa.array(found, type=pa.int64())
    return rows.take(indexes), shown.take(indexes)


def _config(name: str) -> Any:
    about = column(name)
    options: Mapping[str, Any] = {"label": about.label, "help": about.help or None}
    if about.kind in _FORMATS:
        return st.column_config.NumberColumn(format=_FORMATS[about.kind], **options)
    if about.kind == "day":
        return st.column_config.DateColumn(format="YYYY-MM-DD", **options)
    if about.kind == "moment":
        return st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", **options)
    return st.column_config.TextColumn(**options)
