"""The live pages. Started by `python -m serve dashboard`, which says where they listen."""

import streamlit as st

from serve.dashboard.pages import decisions, overview, products, reasons, users

st.set_page_config(page_title="Refunds", page_icon="↩", layout="wide")
st.navigation(
    [
        st.Page(overview.show, title="Dashboard", url_path="dashboard", default=True),
        st.Page(products.show, title="Products", url_path="products"),
        st.Page(users.show, title="Users", url_path="users"),
        st.Page(reasons.show, title="Reasons", url_path="reasons"),
        st.Page(decisions.show, title="Decisions", url_path="decisions"),
    ],
    position="top",
).run()
