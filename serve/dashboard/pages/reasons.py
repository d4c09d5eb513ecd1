"""Reasons: whose fault it is, and what no rule knows yet."""

import streamlit as st

from serve.dashboard import charts
from serve.dashboard.columns import without
from serve.dashboard.queries import reasons
from serve.dashboard.shell import chart, number_cards, open_page, table


def show() -> None:
    """Show the page."""
    view = open_page("Reasons")
    marts, filters = view.marts, view.filters
    found = reasons.reasons(marts, filters)
    total = sum(row["units_refunded"] for row in found.to_pylist()) or 1
    cards = []
    for category in charts.REASON_COLOURS:
        units = sum(
            row["units_refunded"] for row in found.to_pylist() if row["reason_category"] == category
        )
        name = category.replace("_", " ").capitalize()
        cards.append((name, f"{units / total:.1%}", f"{units:,} units refunded"))
    number_cards(cards, 4)
    if filters.has_period:
        st.caption("In a period, refunds count by their own day.")
    chart(view, "reasons", lambda: charts.reason_bars(found, filters.text()), found.num_rows)
    table(found, "reasons", search=False)

    st.subheader("By channel", anchor=False)
    channels = reasons.by_channel(marts, filters)
    chart(
        view,
        "reasons by channel",
        lambda: charts.reason_shares(channels, "sub_channel", "Sub-channel"),
        channels.num_rows,
    )
    st.caption("All refunds of the channel; period and category don't narrow this chart.")

    st.subheader("By month", anchor=False)
    months = reasons.by_month(marts, filters)
    chart(
        view,
        "reasons by month",
        lambda: charts.reason_shares(months, "refund_month", "Month of refund"),
        months.num_rows,
    )

    st.subheader("By product", anchor=False)
    heat = reasons.heat_map(marts, filters)
    chart(view, "reasons by product", lambda: charts.reason_heat_map(heat), heat.num_rows)
    st.caption("All channels and all refunds; a category keeps its products.")
    table(without(heat, ["product_key"]), "reasons_by_product")

    st.subheader("Texts that no rule knows", anchor=False)
    texts = reasons.unmapped(marts)
    if texts is None:
        st.caption("This publication has no list of them.")
    elif not texts.num_rows:
        st.success("Every text has a reason.")
    else:
        st.caption("A row in seed reason_overrides settles each.")
        table(texts, "unmapped_reasons")
