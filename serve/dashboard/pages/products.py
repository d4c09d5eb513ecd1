"""Products: which come back too often, how sure that is, and why."""

import streamlit as st

from serve.dashboard import charts
from serve.dashboard.columns import shown
from serve.dashboard.export import PRODUCT_COLUMNS
from serve.dashboard.queries import products
from serve.dashboard.shell import View, chart, close_detail, open_detail, open_page, table

_PARAMETER = "product"


def show() -> None:
    """Show the ranking, or the product that the URL names."""
    view = open_page("Products")
    if product_key := st.query_params.get(_PARAMETER):
        _one(view, product_key)
        return
    st.caption(
        "The worst severity on top, then most money at stake: what came back beyond its peers, "
        "times how sure that is. "
        "Severity and bounds rest on all orders; units, rate and USD are those of the period. "
        "Select a row, or choose a product below, to open it."
    )
    search = st.text_input("Search products", placeholder="SKU, name or brand")
    ranked = products.ranking(view.marts, view.filters, search.strip())
    columns = [*(["sub_channel"] if view.filters.channel else []), *PRODUCT_COLUMNS]
    picked = table(ranked, "products", columns=columns, search=False, pick=True)
    if picked:
        open_detail(_PARAMETER, picked["product_key"])
    named = ranked.select(["product_key", "sku", "product_name"]).to_pylist()
    names = {row["product_key"]: f"{row['sku']}  {row['product_name'] or ''}" for row in named}
    chosen = st.selectbox(
        "Open a product", list(names), index=None, format_func=lambda key: names.get(key, key),
        placeholder="type a part of its name",
    )  # fmt: skip
    if chosen:
        open_detail(_PARAMETER, chosen)
    st.subheader("Categories against their peers", anchor=False)
    table(products.categories(view.marts, view.filters), "category_refunds")


def _one(view: View, product_key: str) -> None:
    close_detail(_PARAMETER, "All products")
    found = products.product(view.marts, product_key)
    if found is None:
        st.info("This product is not in the ranking: it sold too little, or it is unknown.")
        return
    st.subheader("Product", anchor=False)
    # st.text shows what a shop wrote as it is; other places would read it as Markdown.
    st.text(f"{found['product_name'] or '-'}\n{found['sku']} · {found['category'] or '-'}")
    places = st.columns(4)
    places[0].metric("Severity", found["severity"], border=True)
    places[1].metric("Refund rate, units", shown("refund_rate", found["refund_rate"]), border=True)
    places[2].metric("Units refunded", f"{found['units_refunded']:,}", border=True)
    places[3].metric("Refunded, USD", f"{found['refund_usd'] or 0:,.0f}", border=True)
    lower, upper = (shown("refund_rate", found[f"refund_rate_{end}"]) for end in ("lower", "upper"))
    st.text(f"Why: {found['severity_reason']}")
    st.text(f"95 % sure that its refund rate is between {lower} and {upper}.")
    if found["top_reason"]:
        st.text(f"Top reason: {found['top_reason']}. {found['top_reason_advice'] or ''}")
    weeks = products.product_weeks(view.marts, product_key, view.filters)
    st.subheader("By week", anchor=False)
    chart(view, f"weeks of {product_key}", lambda: charts.product_weeks(weeks), weeks.num_rows)
    reasons = products.product_reasons(view.marts, product_key)
    st.subheader("Reasons", anchor=False)
    chart(
        view,
        f"reasons of {product_key}",
        lambda: charts.reason_bars(reasons, "this product"),
        reasons.num_rows,
    )
    table(reasons, "product_reasons", search=False)
    st.subheader("Channels", anchor=False)
    table(products.product_channels(view.marts, product_key), "product_channels", search=False)
    st.subheader("Orders with a refund", anchor=False)
    table(products.product_orders(view.marts, product_key, view.filters), "product_orders")
