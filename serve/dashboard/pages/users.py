"""Users: who returns far more than others who bought the same, and everything they did."""

from typing import Any

import duckdb
import streamlit as st

from serve.dashboard.columns import shown
from serve.dashboard.export import USER_COLUMNS
from serve.dashboard.queries import users
from serve.dashboard.shell import View, close_detail, open_detail, open_page, table
from serve.publish import published_paths

_PARAMETER = "user"


def show() -> None:
    """Show the ranking, or the customer that the URL names."""
    view = open_page("Users")
    if user_key := st.query_params.get(_PARAMETER):
        _one(view, user_key)
        return
    st.caption(
        "The worst severity on top, then most money at stake. A list for review, never for "
        "action: refunds for our fault or the product's are not held against a customer. A period "
        "or a category keeps the customers who ordered in it; their numbers are over all their "
        "orders."
    )
    search = st.text_input("Search customers", placeholder="part of a key")
    ranked = users.ranking(view.marts, view.filters, search.strip())
    picked = table(ranked, "users", columns=USER_COLUMNS, search=False, pick=True)
    if picked:
        open_detail(_PARAMETER, picked["user_key"])
    chosen = st.selectbox(
        "Open a customer", ranked.column("user_key").to_pylist(), index=None,
        placeholder="type a part of the key",
    )  # fmt: skip
    if chosen:
        open_detail(_PARAMETER, chosen)


def _one(view: View, user_key: str) -> None:
    close_detail(_PARAMETER, "All customers")
    st.subheader("Customer", anchor=False)
    st.text(user_key)
    if view.person.may_see_contacts and st.toggle("Show name and contacts"):
        _contacts(view, user_key)
    found = users.user(view.marts, user_key)
    if found:
        _numbers(found)
    else:
        st.info("This customer is not in the ranking: too few orders.")
    for row in users.flags(view.marts, user_key):
        st.subheader("Return fraud rules", anchor=False)
        st.text(f"{row['flags'] or 'No rule is met'} · risk score {row['risk_score'] or 0:.0f}")
        st.text(row["why"] or "")
    linked = users.linked_accounts(view.marts, user_key)
    if linked is not None:
        st.subheader("Accounts of the same person", anchor=False)
        if linked.num_rows:
            picked = table(linked, "linked_accounts", search=False, pick=True)
            if picked:
                open_detail(_PARAMETER, picked["user_key"])
        else:
            st.caption("None: it shares no e-mail address or phone number with another account.")
    st.subheader("History", anchor=False)
    table(users.history(view.marts, user_key), "user_history")


def _numbers(found: dict[str, Any]) -> None:
    places = st.columns(4)
    places[0].metric("Severity", found["severity"], border=True)
    places[1].metric("Orders with a return", f"{found['orders_with_return']:,}", border=True)
    places[2].metric("Orders", f"{found['orders']:,}", border=True)
    places[3].metric("Refunded, USD", f"{found['refund_usd'] or 0:,.0f}", border=True)
    lower, upper = (
        shown("order_return_rate", found[f"order_return_rate_{end}"]) for end in ("lower", "upper")
    )
    st.text(f"Why: {found['severity_reason']}")
    st.text(f"95 % sure that between {lower} and {upper} of the orders come back.")


def _contacts(view: View, user_key: str) -> None:
    """Show personal data, read from the restricted file for this moment and kept nowhere."""
    database = published_paths(view.workspace.warehouse_dir)[1]
    try:
        connection = duckdb.connect(str(database), read_only=True)
    except duckdb.Error:
        st.info("The restricted file can't be read by this process.")
        return
    with connection:
        rows = connection.execute(
            "select name, email, phone from user_contacts where user_key = $key", {"key": user_key}
        ).fetchall()
    if not rows:
        st.text("No name or contact is known.")
    for row in rows:
        st.text(" · ".join(str(value) for value in row if value))
