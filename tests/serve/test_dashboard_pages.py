from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from dashboard_marts import HOSTILE_NAME, WORST_PRODUCT, WORST_USER, settings_for, write_marts

from serve.decisions.log import DecisionLog

testing = pytest.importorskip("streamlit.testing.v1", reason="Streamlit is not installed")
AppTest = testing.AppTest
TIMEOUT = 60


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home: Path = tmp_path_factory.mktemp("company")
    write_marts(home / "warehouse")
    return home


@pytest.fixture(autouse=True)
def settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import streamlit as st

    for name, value in settings_for(home).items():
        monkeypatch.setenv(name, value)
    before = st.get_option("server.address")
    st.config.set_option("server.address", "127.0.0.1")
    st.cache_resource.clear()
    yield
    st.config.set_option("server.address", before)


def page(name: str, **query: str) -> AppTest:
    app = AppTest.from_string(
        f"from serve.dashboard.pages import {name}\n{name}.show()", default_timeout=TIMEOUT
    )
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def asked(home: Path, sql: str) -> tuple[float, ...]:
    database = home / "warehouse" / "marts.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        row: tuple[float, ...] = connection.execute(sql).fetchall()[0]
    return row


def metric(app: AppTest, label: str) -> str:
    return str(next(each.value for each in app.metric if each.label == label))


def texts(app: AppTest) -> str:
    return "\n".join(each.value for each in app.text)


def whole_app(**query: str) -> AppTest:
    script = Path(__file__).parents[2] / "serve" / "dashboard" / "live" / "app.py"
    app = AppTest.from_file(str(script), default_timeout=TIMEOUT)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def test_dashboard_shows_the_numbers_of_the_marts(home: Path) -> None:
    app = whole_app()
    rate, units, sold, usd = asked(
        home,
        "select refund_rate, units_refunded, units_sold, refund_usd from channel_kpis "
        "where channel = 'all'",
    )
    assert metric(app, "Refund rate, units") == f"{rate * 100:.1f} %"
    assert metric(app, "Units refunded / sold") == f"{units:,} / {sold:,}"
    assert metric(app, "Refunded, USD") == f"$ {usd:,.0f}"


def test_filters_live_in_the_address(home: Path) -> None:
    app = whole_app(sub_channel="noon_ae", period="2026-01-01..2026-03-31")
    units, sold = asked(
        home,
        "select sum(units_refunded), sum(units_sold) from order_items "
        "where sub_channel = 'noon_ae' and ordered_at >= '2026-01-01' "
        "and ordered_at < '2026-04-01'",
    )
    assert metric(app, "Units refunded / sold") == f"{units:,} / {sold:,}"
    app.selectbox(key="filter_category").select("Toys").run()
    assert app.query_params["category"] == "Toys"
    assert app.query_params["sub_channel"] == "noon_ae"
    app.selectbox(key="filter_channel").select("shopify").run()
    assert "sub_channel" not in app.query_params


def test_products_rank_and_one_product_says_why(home: Path) -> None:
    ranked = page("products").dataframe[0].value
    (first,) = asked(home, "select sku from product_refunds where refund_rank = 1")
    assert ranked["sku"].iloc[0] == first
    app = page("products", product=WORST_PRODUCT)
    (units,) = asked(
        home, f"select units_refunded from product_refunds where product_key = '{WORST_PRODUCT}'"
    )
    assert metric(app, "Units refunded") == f"{units:,}"
    assert HOSTILE_NAME in texts(app)
    # Neither Markdown nor HTML carries what a shop wrote.
    assert all(HOSTILE_NAME not in each.value for each in [*app.markdown, *app.caption])


def test_users_rank_and_one_user_has_a_history(home: Path) -> None:
    ranked = page("users").dataframe[0].value
    (customers,) = asked(home, "select count(*) from user_refunds")
    assert len(ranked) == customers
    app = page("users", user=WORST_USER)
    (events,) = asked(home, f"select count(*) from user_history where user_key = '{WORST_USER}'")
    assert len(app.dataframe[-1].value) == events


def test_reasons_add_up_to_the_marts(home: Path) -> None:
    app = page("reasons")
    (share,) = asked(
        home,
        "select sum(units_refunded) filter (where reason_category = 'PRODUCT_ISSUES') "
        "/ sum(units_refunded) from refund_reasons",
    )
    assert metric(app, "Product issues") == f"{share:.1%}"


def test_an_order_is_resolved_leaves_the_queue_and_comes_back(home: Path) -> None:
    app = page("decisions")
    queue = app.dataframe[0].value
    (waiting, first) = asked(
        home, "select count(*), min_by(order_key, priority) from decision_queue"
    )
    assert len(queue) == waiting
    assert queue["order_key"].iloc[0] == first

    app.selectbox(key=f"reason_{first}").select("DUPLICATE_REFUND")
    app.button(key=f"FormSubmitter:resolve_{first}-Resolve").click().run()
    assert "wants a comment" in texts(app)
    assert not DecisionLog(home / "raw").events()

    app.selectbox(key=f"reason_{first}").select("LATE_DELIVERY")
    app.button(key=f"FormSubmitter:resolve_{first}-Resolve").click().run()
    assert not app.exception
    events = DecisionLog(home / "raw").events()
    assert [(event.subject_key, event.reason_code, event.actor) for event in events] == [
        (first, "LATE_DELIVERY", "tester")
    ]
    assert first not in set(app.dataframe[0].value["order_key"])

    next(each for each in app.button if each.label == "Undo").click().run()
    assert first in set(app.dataframe[0].value["order_key"])
    assert [event.action for event in DecisionLog(home / "raw").events()] == ["resolve", "reopen"]


def test_without_the_queue_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = write_marts(tmp_path / "warehouse")
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table decision_queue")
    monkeypatch.setenv("WAREHOUSE_DIR", str(tmp_path / "warehouse"))
    app = page("decisions")
    assert "no decision queue yet" in app.info[0].value
    assert not app.button


def test_nothing_published_is_a_page_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE_DIR", str(tmp_path))
    app = page("products")
    assert app.info[0].value == "Nothing to show yet."
    assert "make run" in texts(app)


def test_an_old_publication_is_called_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = write_marts(tmp_path / "warehouse")
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update publication set published_at = now()::timestamp - interval 3 day"
        )
    monkeypatch.setenv("WAREHOUSE_DIR", str(tmp_path / "warehouse"))
    assert "**Stale.**" in page("reasons").warning[0].value


def test_a_server_that_others_reach_shows_nothing_without_sign_in(home: Path) -> None:
    import streamlit as st

    st.config.set_option("server.address", "0.0.0.0")
    app = page("products")
    assert app.error[0].value == "Not served to other machines."
    assert not app.dataframe
