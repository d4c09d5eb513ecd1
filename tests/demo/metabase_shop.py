"""The shop that the tests of the demo Metabase share, and a short way to ask it."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import requests

from demo.metabase import MetabaseServer, Options, build_shop, running

LINES, SEED = 6_000, 7


@cache
def shop_file() -> Path:
    """Build the shop once for all tests of this process."""
    folder = Path(tempfile.mkdtemp(prefix="metabase-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    build_shop(folder / "shop.duckdb", lines=LINES, seed=SEED)
    return folder / "shop.duckdb"


@dataclass
class Asked:
    """A server, and questions to it with its API key."""

    server: MetabaseServer

    def post(self, path: str, body: Any, **kwargs: Any) -> requests.Response:
        headers = {"x-api-key": self.server.api_key, **kwargs.pop("headers", {})}
        return requests.post(
            self.server.url + path, json=body, headers=headers, timeout=30, **kwargs
        )

    def query(
        self,
        sql: str,
        tags: dict[str, Any] | None = None,
        parameters: list[dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        return {
            "database": self.server.database_id,
            "type": "native",
            "native": {"query": sql, "template-tags": tags or {}},
            "parameters": parameters or [],
        }

    def dataset(self, sql: str, **kwargs: Any) -> requests.Response:
        return self.post("/api/dataset", self.query(sql), **kwargs)

    def csv(self, sql: str, **kwargs: Any) -> requests.Response:
        body = {"query": self.query(sql), "format_rows": False}
        return self.post("/api/dataset/csv", body, **kwargs)

    def json(self, sql: str) -> requests.Response:
        return self.post("/api/dataset/json", {"query": self.query(sql), "format_rows": False})

    def rows(self, sql: str) -> list[list[Any]]:
        body = self.dataset(sql).json()
        assert body["status"] == "completed", body["error"]
        found: list[list[Any]] = body["data"]["rows"]
        return found


@contextmanager
def serving(*faults: str, **options: Any) -> Iterator[Asked]:
    """Serve a copy of the shared shop."""
    with running(
        shop=shop_file(), lines=LINES, seed=SEED, faults=faults, options=Options(**options)
    ) as server:
        yield Asked(server)
