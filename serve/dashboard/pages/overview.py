"""Dashboard: is something wrong, and where."""

from collections.abc import Callable

import streamlit as st

from serve.dashboard import charts
from serve.dashboard.export import CHANNEL_COLUMNS
from serve.dashboard.filters import Filters
from serve.dashboard.pages import decisions as decisions_page
from serve.dashboard.pages import products as products_page
from serve.dashboard.pages import users as users_page
from serve.dashboard.queries import headline, products, users
from serve.dashboard.shell import View, chart, escaped, number_cards, open_page, table
from serve.dashboard.words import (
    figures,
    product_name,
    product_reason,
    user_name,
    worsened_text,
)


def show() -> None:
    """Show the page."""
    view = open_page("Dashboard")
    marts, filters = view.marts, view.filters
    numbers = figures(headline.headline(marts, filters))
    number_cards(numbers, 3)
    with st.container(key="look_first"):
        _look_at_first(view)

    st.subheader("Trend", anchor=False)
    weeks = headline.weekly(marts, filters)
    chart(view, "weeks", lambda: charts.weekly_rate(weeks, filters.text()), weeks.num_rows)

    st.subheader("Channels", anchor=False)
    channels = headline.by_channel(marts, filters)
    chart(
        view,
        "channels",
        lambda: charts.rate_bars(channels, "sub_channel", "Sub-channel", filters.text()),
        channels.num_rows,
    )
    table(channels, "channels", columns=CHANNEL_COLUMNS, search=False)

    st.subheader("Categories", anchor=False)
    found = headline.by_category(marts, filters)
    chart(
        view,
        "categories",
        lambda: charts.rate_bars(found, "category", "Category", filters.text()),
        found.num_rows,
    )
    table(found, "categories", search=False)

    st.subheader("Money given back", anchor=False)
    kinds = headline.by_kind(marts, filters)
    chart(view, "kinds", lambda: charts.money_bars(kinds), kinds.num_rows)
    table(kinds, "refund_kinds", search=False)


def _look_at_first(view: View) -> None:
    """Name the worst of each kind, whatever is chosen, with the way to it."""
    st.subheader("Look at first", anchor=False)
    everything = Filters()
    for row in headline.worsened(view.marts).to_pylist():
        text = f"Channel {worsened_text(row)}"
        _way(text, "", show, "dashboard", {"sub_channel": row["sub_channel"]})
    for row in products.ranking(view.marts, everything).slice(0, 1).to_pylist():
        product = {"product": row["product_key"]}
        text = f"Product {product_name(row)}"
        _way(text, product_reason(row), products_page.show, "products", product)
    for row in users.ranking(view.marts, everything).slice(0, 1).to_pylist():
        text, user = f"Customer {user_name(row)}", {"user": row["user_key"]}
        _way(text, row["severity_reason"], users_page.show, "users", user)
    if view.marts.has("decision_queue", "priority", "money_at_stake_usd"):
        waiting = view.marts.rows(
            "select count(*) as orders, sum(money_at_stake_usd)::double as usd from decision_queue"
        )[0]
        text = f"{waiting['orders']:,} orders wait for a decision"
        note = f"{waiting['usd'] or 0:,.0f} USD at stake when this was published"
        _way(text, note, decisions_page.show, "decisions", {})


def _way(text: str, note: str, page: Callable[[], None], path: str, query: dict[str, str]) -> None:
    target = st.Page(page, url_path=path, default=path == "dashboard")
    label = escaped(text)
    st.page_link(target, label=label, icon=":material/arrow_forward:", query_params=query)
    if note:
        st.caption(escaped(note))
