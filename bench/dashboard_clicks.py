"""Ten people who click through the live pages; run by `bench.dashboard_speed` as a process.

Each is a session of its own over Streamlit's protocol, without a browser: what is timed is from the
click to the server's word that the page is complete.
"""

import json
import random
import sys
import threading
import time
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

_LONGEST_SECONDS = 60
_LARGEST_MESSAGE = 64 * 2**20
# What people look at: half of the clicks narrow nothing, the others do it in many ways.
_PAGES = ("dashboard", "products", "users", "reasons", "decisions")
_PERIODS = ("30d", "90d", "365d", "2026-01-01..2026-03-31", "2025-05-10..2025-11-20")
_SUB_CHANNELS = ("amazon_ae", "noon_ae", "hewyn", "desertcart", "walmart_ca")
# In the order of dashboard_company.sql, where a customer's number says where they buy.
_SHOPS = (
    "desertcart",
    "hewyn",
    "amazon_ae",
    "amazon_sa",
    "amazon_in",
    "amazon_za",
    "noon_ae",
    "onbuy",
    "walmart_ca",
)


def connected(address: str) -> ClientConnection:
    """Open a session of its own."""
    return connect(
        f"{address}/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        max_size=_LARGEST_MESSAGE,
        compression=None,
    )


def click(socket: ClientConnection, page: str, query: dict[str, str]) -> float:
    """Open a page and return the seconds until it is complete. Errors: RuntimeError if it fails."""
    message = BackMsg()
    message.rerun_script.query_string = urlencode(query)
    message.rerun_script.page_name = page
    started = time.perf_counter()
    socket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        received = socket.recv(timeout=_LONGEST_SECONDS, decode=False)
        answer.ParseFromString(received)
        kind = answer.WhichOneof("type")
        if kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(f"{page} {query}: {answer.delta.new_element.exception.message}")
        if kind == "script_finished" and answer.script_finished == 0:
            return time.perf_counter() - started


def choice(chance: random.Random, products: int, users: int) -> tuple[str, str, dict[str, str]]:
    """Return the name, page and query of the next click."""
    query: dict[str, str] = {}
    if chance.random() < 0.5:
        if chance.random() < 0.6:
            query["period"] = chance.choice(_PERIODS)
        if chance.random() < 0.4:
            query["sub_channel"] = chance.choice(_SUB_CHANNELS)
        if chance.random() < 0.3:
            query["category"] = f"Category {chance.randrange(20)}"
    # An address that says nothing keeps what the session chose before.
    query = query or {"period": "all"}
    page = chance.choice(
        ("dashboard", "products", "product", "users", "user", "reasons", "decisions")
    )
    if page == "product":
        query["product"] = f"sku:P{chance.randrange(products)}"
        return page, "products", query
    if page == "user":
        customer = chance.randrange(users)
        query["user"] = f"{_SHOPS[customer % len(_SHOPS)]}:U{customer}"
        return page, "users", query
    return page, page, query


def person(
    number: int, address: str, seconds: float, think: float, sizes: tuple[int, int], told: list[str]
) -> None:
    """Click until the time is over; tell page and seconds of each click, or what went wrong."""
    chance = random.Random(number)
    try:
        with connected(address) as socket:
            end = time.monotonic() + seconds
            time.sleep(chance.uniform(0, think))
            while time.monotonic() < end:
                name, page, query = choice(chance, *sizes)
                told.append(json.dumps([name, click(socket, page, query), urlencode(query)]))
                time.sleep(chance.uniform(0.5 * think, 1.5 * think))
    except (OSError, RuntimeError, WebSocketException) as error:
        told.append(json.dumps(["failed", 0, f"{type(error).__name__}: {error}"]))


def main() -> None:
    """Arguments: address, people, seconds, seconds to think, products, users."""
    address, people, seconds, think, products, users = sys.argv[1:]
    told: list[str] = []
    # Once before the clock runs: a server loads its libraries with the first page it serves.
    with connected(address) as socket:
        for page in _PAGES:
            click(socket, page, {})
    threads = [
        threading.Thread(
            target=person,
            args=(each, address, float(seconds), float(think), (int(products), int(users)), told),
        )
        for each in range(int(people))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write("\n".join(told))


if __name__ == "__main__":
    main()
