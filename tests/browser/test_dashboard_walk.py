import json
from pathlib import Path
from typing import Any

import pytest
from conftest import PICTURES
from dashboard_marts import HOSTILE_NAME

from serve.dashboard.export import export
from serve.decisions.log import DecisionLog

PAGES = ("Dashboard", "Products", "Users", "Reasons", "Decisions")


def settled(tab: Any) -> None:
    """Wait until the page has its title and Streamlit has nothing more to do."""
    tab.wait_for_selector("h1")
    tab.wait_for_function(
        "document.querySelector('[data-testid=stApp]')"
        ".getAttribute('data-test-script-state') === 'notRunning'"
    )
    tab.wait_for_timeout(1200)


def picture(tab: Any, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    size = tab.viewport_size
    height = tab.evaluate(
        "(document.querySelector('[data-testid=stMain]') ?? document.body).scrollHeight"
    )
    tab.set_viewport_size({"width": size["width"], "height": min(height + 80, 5000)})
    tab.wait_for_timeout(800)
    tab.screenshot(path=PICTURES / f"{name}.png")
    tab.set_viewport_size(size)


def choose(tab: Any, label: str, option: str) -> None:
    tab.get_by_role("combobox", name=label, exact=False).first.click()
    tab.get_by_role("option", name=option, exact=True).click()
    settled(tab)


def faults_of(tab: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    source = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    # What fades in has not its own colour yet.
    tab.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')")
    tab.evaluate(source)
    found = json.loads(tab.evaluate("axe.run().then((found) => JSON.stringify(found.violations))"))
    return [
        f"{each['id']}: {node['html'][:300]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def test_a_person_walks_the_five_pages(tab: Any, address: str) -> None:
    tab.goto(address)
    settled(tab)
    for name in PAGES:
        tab.get_by_role("link", name=name, exact=True).first.click()
        tab.get_by_role("heading", name=name, exact=True, level=1).wait_for()
        settled(tab)
        assert tab.locator("[data-testid=stException]").count() == 0
        picture(tab, name.lower())


def test_a_choice_stands_in_the_address_and_holds_on_the_next_page(tab: Any, address: str) -> None:
    tab.goto(address)
    settled(tab)
    everything = tab.get_by_test_id("stMetricValue").first.inner_text()
    choose(tab, "Sub-channel", "noon_ae")
    assert "sub_channel=noon_ae" in tab.url
    assert tab.get_by_test_id("stMetricValue").first.inner_text() != everything
    tab.get_by_role("link", name="Products", exact=True).first.click()
    settled(tab)
    assert "sub_channel=noon_ae" in tab.url


def test_what_to_look_at_first_leads_to_the_product_whose_name_stays_text(
    tab: Any, address: str
) -> None:
    tab.goto(address)
    settled(tab)
    tab.get_by_role("link", name="Product", exact=False).filter(has_text="critical").click()
    tab.get_by_role("heading", name="Product", exact=True).wait_for()
    settled(tab)
    assert tab.get_by_text(HOSTILE_NAME).count() == 1
    assert tab.title() != "1"
    assert tab.locator("img[src=x]").count() == 0
    picture(tab, "product")


def test_a_customer_is_opened_and_has_a_history(tab: Any, address: str) -> None:
    tab.goto(address)
    settled(tab)
    tab.get_by_role("link").filter(has_text="Customer").click()
    tab.get_by_role("heading", name="History", exact=True).wait_for()
    settled(tab)
    picture(tab, "user")


def test_an_order_is_handed_to_somebody(tab: Any, address: str, home: Path) -> None:
    tab.goto(f"{address}/decisions")
    settled(tab)
    tab.get_by_text("Assign to somebody").click()
    tab.get_by_label("Short name").fill("rita")
    tab.get_by_label("Short name").press("Tab")
    settled(tab)
    tab.get_by_role("button", name="Assign", exact=True).click()
    tab.get_by_text("is assigned to rita").wait_for()
    settled(tab)
    assert tab.get_by_text("Assigned to rita", exact=True).count() == 1
    assert "rita" in DecisionLog(home / "raw").assigned().values()


def test_the_dearest_order_is_resolved_and_leaves_the_queue(
    tab: Any, address: str, home: Path
) -> None:
    tab.goto(f"{address}/decisions")
    settled(tab)
    order = tab.get_by_test_id("stForm").evaluate(
        "form => form.closest('[data-testid=stColumn]').querySelector('[data-testid=stText]')"
        ".innerText"
    )
    choose(tab, "Reason", "Late beyond what was promised")
    tab.get_by_role("button", name="Resolve").click()
    tab.get_by_text("Recorded:").wait_for()
    settled(tab)
    events = DecisionLog(home / "raw").events(order)
    assert events[-1].reason_code == "LATE_DELIVERY"
    assert tab.get_by_test_id("stForm").count() == 1
    assert order not in tab.get_by_test_id("stTabs").inner_text()
    picture(tab, "resolved")
    tab.get_by_role("button", name="Undo").click()
    tab.get_by_text("is open again").wait_for()
    assert DecisionLog(home / "raw").events(order)[-1].action == "reopen"


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_serious_accessibility_fault(tab: Any, address: str, name: str) -> None:
    tab.goto(f"{address}/{'' if name == 'Dashboard' else name.lower()}")
    settled(tab)
    faults = faults_of(tab)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_a_phone(tab: Any, address: str, name: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(f"{address}/{'' if name == 'Dashboard' else name.lower()}")
    settled(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    numbers = tab.locator("[data-testid=stMetricValue] *")
    assert numbers.evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth + 1)")
    picture(tab, f"{name.lower()}_phone")


def test_static_pages_work_from_a_folder(tab: Any, home: Path) -> None:
    folder = export(home / "warehouse").parent
    for name in ("index", "products", "users", "reasons"):
        tab.goto((folder / f"{name}.html").as_uri())
        tab.wait_for_function(
            "[...document.querySelectorAll('.chart')].every((chart) => chart.querySelector('svg'))"
        )
        assert faults_of(tab) == []
        picture(tab, f"static_{name}")
    tab.goto((folder / "products.html").as_uri())
    table = tab.locator("table").first
    rows = table.locator("tbody tr:visible")
    tab.get_by_label("Search products").fill("P1")
    assert rows.count() == 1
    tab.get_by_label("Search products").fill("")
    table.get_by_role("button", name="Units sold").click()
    sold = [
        int(text.replace(",", ""))
        for text in table.locator("tbody td:nth-child(5)").all_inner_texts()
    ]
    assert sold == sorted(sold, reverse=True)
