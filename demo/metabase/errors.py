"""What stops a request on its way through the server."""

from dataclasses import dataclass, field


@dataclass
class QueryError(Exception):
    """A query that failed, as Metabase words it. `kind` is its `error_type`."""

    message: str
    kind: str
    java_class: str = "class clojure.lang.ExceptionInfo"
    sql_state: str | None = None
    status: int = 400
    """The code of generations 2 and 3; generation 1 answers 200 or 202 whatever happened."""

    def __str__(self) -> str:
        return self.message


@dataclass
class Refusal(Exception):
    """A request that is answered by a plain code: not logged in, not allowed, not there."""

    status: int
    body: object
    headers: dict[str, str] = field(default_factory=dict)
