"""The live pages. Started by `python -m serve dashboard`, which says where they listen."""

import gc

# Streamlit loads these with the first table and chart; they are to be there before `_settle`.
import altair  # noqa: F401
import pandas  # type: ignore[import-untyped]  # noqa: F401
import streamlit as st

from serve.dashboard.pages import decisions, overview, products, reasons, users


@st.cache_resource(show_spinner=False)
def _settle() -> None:
    """Take what is loaded out of the garbage collection that Streamlit forces after every click.

    Walking the libraries' own objects took three quarters of the time of a page.
    """
    gc.collect()
    gc.freeze()


_settle()
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
