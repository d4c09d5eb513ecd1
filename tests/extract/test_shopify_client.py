import pytest
import requests
from pydantic import SecretStr
from shopify_stub import (
    TOKEN,
    Reply,
    good,
    refused,
    stub_shop,
    throttled,
    too_costly,
)

from extract.errors import ExtractError
from extract.shopify.client import Unreachable
from extract.shopify.pages import PageSize, read_by_id, read_pages
from extract.shopify.throttle import CallsBucket, PointsBucket

FINE = good({"shop": {"id": "gid://shopify/Shop/1"}})


def ask(replies: list[Reply]):  # type: ignore[no-untyped-def]
    with stub_shop(replies) as stub:
        return stub.client().graphql("preflight"), stub


def refusal(replies: list[Reply]) -> str:
    with pytest.raises(ExtractError) as caught:
        ask(replies)
    text = str(caught.value)
    assert TOKEN not in text and "\n" not in text
    return text


@pytest.mark.parametrize(
    "failure",
    [
        Reply({"errors": "boom"}, 500),
        Reply(b"<html>bad gateway</html>", 502),
        Reply(b'{"data": {"shop": {"id": "gid', 200),
        Reply({"data": {}}, cut=50),
        Reply(drop=True),
        refused("INTERNAL_SERVER_ERROR", "Internal error. Looks like something went wrong"),
    ],
    ids=["500", "502 of html", "cut JSON", "cut body", "dropped", "internal error in a 200"],
)
def test_what_may_pass_is_asked_again_after_growing_waits(failure: Reply) -> None:
    data, stub = ask([failure, failure, FINE])
    assert data["shop"]["id"].endswith("/1")
    assert len(stub.asked) == 3
    assert len(stub.slept) == 2 and stub.slept[1] >= 1.0 > stub.slept[0] - 0.5 >= 0


def test_patience_ends_with_one_line() -> None:
    text = refusal([Reply({}, 503)] * 20)
    assert text.startswith("hewyn can't be reached (HTTP 503, 7 tries)")


def test_a_decimal_retry_after_is_waited_for() -> None:
    _, stub = ask([Reply({"errors": "slow down"}, 429, {"Retry-After": "4.0"}), FINE])
    assert stub.slept == [4.0]


def test_throttled_waits_for_what_the_bucket_lacks() -> None:
    _, stub = ask([throttled(862, 62, rate=100), FINE])
    assert stub.slept[0] == pytest.approx(8.0, abs=0.1)


def test_throttled_waits_two_seconds_at_least_and_more_than_three_times() -> None:
    data, stub = ask([*[throttled(862, 572)] * 6, FINE])
    assert data["shop"]
    refused_waits = [wait for wait in stub.slept if wait == 2.0]
    assert len(refused_waits) == 6


def test_a_query_waits_beforehand_when_the_bucket_is_too_low() -> None:
    with stub_shop([good({}, cost=500, available=100.0), FINE]) as stub:
        client = stub.client()
        client.graphql("preflight")
        client.graphql("preflight")
    assert stub.slept == [pytest.approx(4.0, abs=0.1)]


def test_a_full_bucket_is_never_waited_beyond() -> None:
    now = [0.0]
    bucket = PointsBucket(clock=lambda: now[0])
    assert bucket.seconds_until(900) == 0
    bucket.observe({"maximumAvailable": 500, "currentlyAvailable": 0, "restoreRate": 50})
    assert bucket.seconds_until(900) == 10
    now[0] = 4.0
    assert bucket.seconds_until(900) == 6


@pytest.mark.parametrize(
    ("header", "seconds"), [("1/40", 0), ("39/40", 0.5), ("80/80", 0.25), (None, 0), ("x", 0)]
)
def test_the_leaky_bucket_is_not_overfilled(header: str | None, seconds: float) -> None:
    bucket = CallsBucket()
    bucket.observe(header)
    assert bucket.seconds_until_free() == seconds


def page(ids: list[int], following: str | None = None) -> Reply:
    nodes = [{"id": f"gid://shopify/Order/{number}"} for number in ids]
    ending = {"hasNextPage": following is not None, "endCursor": following}
    return good({"connection": {"nodes": nodes, "pageInfo": ending}})


def test_too_costly_a_page_is_made_smaller_and_never_sent_again() -> None:
    with stub_shop([too_costly(1293), page([1], "a"), page([2])]) as stub:
        size = PageSize()
        pages = list(read_pages(stub.client(), "orders", {"query": "x"}, size))
    assert [len(each) for each in pages] == [1, 1]
    assert [asked.variables["first"] for asked in stub.asked] == [250, 148, 148]
    assert stub.asked[2].variables["query"] == "x"
    assert stub.slept == []


def test_one_node_that_costs_too_much_is_an_error() -> None:
    with stub_shop([too_costly(2000)] * 20) as stub, pytest.raises(ExtractError, match="2000"):
        list(read_pages(stub.client(), "orders", {}, PageSize()))


def test_a_page_that_keeps_failing_is_asked_for_in_smaller_pieces() -> None:
    with stub_shop([*[Reply({}, 503)] * 4, page([1])]) as stub:
        assert len(list(read_pages(stub.client(), "orders", {}, PageSize()))) == 1
    assert [asked.variables["first"] for asked in stub.asked] == [250, 250, 250, 250, 90]


def test_a_next_page_without_a_way_to_it_is_an_error() -> None:
    with stub_shop([page([1], "a"), page([2], "a")]) as stub, pytest.raises(ExtractError):
        list(read_pages(stub.client(), "orders", {}, PageSize()))


def test_nodes_by_id_come_in_their_order_and_may_be_gone() -> None:
    nodes = good({"nodes": [{"id": "a"}, None]})
    rest = good({"nodes": [{"id": "c"}]})
    with stub_shop([nodes, rest]) as stub:
        found = dict(read_by_id(stub.client(), "refunds_by_id", ["a", "b", "c"], PageSize(2)))
    assert found == {"a": {"id": "a"}, "b": None, "c": {"id": "c"}}


def test_a_search_that_is_not_understood_is_an_error() -> None:
    warning = {"field": "updated_at", "message": "Input `x` is not...", "code": "invalid_field"}
    search = [{"path": ["orders"], "query": "updated_at:x", "warnings": [warning]}]
    text = refusal([Reply({"data": {}, "extensions": {"search": search}})])
    assert "updated_at" in text and "invalid_field" in text


def test_a_scope_that_is_missing_is_named() -> None:
    message = "Access denied for returns field. Required access: `read_returns` access scope."
    assert "read_returns" in refusal([refused("ACCESS_DENIED", message)])


def test_an_approval_that_is_missing_is_no_missing_scope() -> None:
    message = "This app is not approved to access the Customer object."
    text = refusal([refused("ACCESS_DENIED", message)])
    assert "protected customer data" in text and "scope" not in text


@pytest.mark.parametrize(
    ("status", "says"),
    [(401, "SHOPIFY_ACCESS_TOKEN"), (403, "scopes"), (404, "SHOPIFY_STORE"), (302, "SHOPIFY_URL")],
)
def test_a_refused_request_says_what_to_do(status: int, says: str) -> None:
    headers = {"Location": "http://127.0.0.1:1/elsewhere"} if status == 302 else {}
    assert says in refusal([Reply({"errors": "no"}, status, headers)])


def test_an_answer_of_another_version_is_an_error() -> None:
    text = refusal([Reply({"data": {}}, headers={"X-Shopify-API-Version": "2027-01"})])
    assert "SHOPIFY_API_VERSION=2027-01" in text


def test_an_app_renews_its_token_once_it_is_refused() -> None:
    def token(name: str) -> Reply:
        return Reply({"access_token": name, "scope": "read_orders", "expires_in": 86399})

    replies = [token("first"), FINE, Reply({}, 401), token("second"), FINE]
    with stub_shop(replies) as stub:
        client = stub.client(access_token=None, client_id="app", client_secret=SecretStr("s3cret"))
        client.graphql("preflight")
        client.graphql("preflight")
    used = [
        asked.headers["X-Shopify-Access-Token"] for asked in stub.asked if "graphql" in asked.path
    ]
    assert used == ["first", "first", "second"]
    assert "grant_type=client_credentials" in stub.asked[0].body
    assert all("s3cret" not in asked.path for asked in stub.asked)


def test_an_app_that_is_refused_gets_one_clear_line() -> None:
    with stub_shop([Reply({"error": "shop_not_permitted"}, 400)]) as stub:
        client = stub.client(access_token=None, client_id="app", client_secret=SecretStr("s3cret"))
        with pytest.raises(ExtractError, match="shop_not_permitted") as caught:
            client.graphql("preflight")
    assert "s3cret" not in str(caught.value)


def test_the_next_rest_page_is_asked_for_as_it_was_given() -> None:
    with stub_shop([Reply({"orders": [], "n": 195.660})]) as stub:
        client = stub.client()
        following = f"{stub.url}/admin/api/2026-10/orders.json?page_info=a%3D%3D&limit=250"
        body = client.rest(following).body
    assert stub.asked[0].path == "/admin/api/2026-10/orders.json?page_info=a%3D%3D&limit=250"
    # Digits of a JSON number stay as sent.
    assert body["n"] == "195.66"


def test_the_token_is_not_sent_to_another_host() -> None:
    with stub_shop([]) as stub, pytest.raises(ExtractError, match="another host"):
        stub.client().rest("https://elsewhere.example/admin/api/2026-10/orders.json?page_info=x")
    assert stub.asked == []


def test_a_signed_file_is_asked_for_without_the_token(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with stub_shop([Reply(b"line\n", cut=3), Reply(b"line\nline\n")]) as stub:
        size = stub.client().download(f"{stub.url}/f?signature=x", tmp_path / "f", lambda _: None)
    assert (size, (tmp_path / "f").read_bytes()) == (10, b"line\nline\n")
    assert all("X-Shopify-Access-Token" not in asked.headers for asked in stub.asked)


def test_a_signed_address_is_not_told(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with stub_shop([Reply(drop=True)] * 10) as stub, pytest.raises(Unreachable) as caught:
        stub.client().download(f"{stub.url}/f?signature=x", tmp_path / "f", lambda _: None)
    assert "signature" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "tries", "says"),
    [
        (requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] x"), 1, "REQUESTS_CA"),
        (requests.exceptions.SSLError("[SSL: UNEXPECTED_EOF] x"), 7, "check the network"),
        (requests.exceptions.InvalidProxyURL("http://name:secret@proxy"), 1, "proxy settings"),
    ],
)
def test_a_way_that_is_barred_is_one_clear_line(
    error: Exception, tries: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def barred(*_: object, **__: object) -> None:
        tried.append(1)
        raise error

    monkeypatch.setattr(requests.Session, "request", barred)
    with stub_shop([]) as stub, pytest.raises(ExtractError, match=says) as caught:
        stub.client().graphql("preflight")
    assert len(tried) == tries
    assert "secret" not in str(caught.value)
