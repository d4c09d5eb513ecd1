"""Reads what the models say of the candidates, with names and contacts from the restricted mart."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

RULES = ("high_return_rate", "wardrobing", "serial_returner")


@dataclass(frozen=True)
class Candidate:
    """A customer to be reviewed. Contacts are personal data; money is in `spend_currency`."""

    customer_id: str
    name: str | None
    email: str | None
    phone: str | None
    orders: int
    returns: int
    return_rate: float
    wardrobed_orders: int
    flags: str
    lifetime_spend: Any
    spend_currency: str | None
    last_return_at: datetime | None
    tags: str | None
    risk_score: float
    why: str
    evidence: str


@dataclass(frozen=True)
class Findings:
    """The outcome of an evaluation; candidates come in the order of review."""

    customers_evaluated: int
    by_rule: dict[str, int]
    candidates: list[Candidate]
    as_of: date


_CANDIDATES = """
select
    candidates.customer_id, contacts.name, contacts.email, contacts.phone, candidates.orders,
    candidates.returns_count, candidates.return_rate, candidates.wardrobed_orders,
    candidates.flags, candidates.lifetime_spend, candidates.lifetime_spend_currency,
    candidates.last_return_at, candidates.tags, candidates.risk_score, candidates.why,
    candidates.evidence
from main.fraud_candidates as candidates
left join main.user_contacts as contacts
    on candidates.user_key = contacts.user_key
order by candidates.risk_rank
"""


def known_stores(database: Path) -> dict[str, int]:
    """Count the orders of each sub-channel of a build file."""
    query = "select sub_channel, count(*) from main.orders group by all"
    with duckdb.connect(str(database), read_only=True) as connection:
        return {str(store): int(orders) for store, orders in connection.execute(query).fetchall()}


def read_findings(database: Path, as_of: datetime) -> Findings:
    """Read the marts of an evaluation."""
    with duckdb.connect(str(database), read_only=True) as connection:
        counted = connection.execute("select count(*) from main.fraud_customers").fetchall()
        # A rule that only all accounts of the person together meet is met, too.
        sums = ", ".join(f"count(*) filter (where is_{r} or person_is_{r})" for r in RULES)
        met = connection.execute(f"select {sums} from main.fraud_candidates").fetchall()[0]
        rows = connection.execute(_CANDIDATES).fetchall()
    return Findings(
        customers_evaluated=int(counted[0][0]),
        by_rule=dict(zip(RULES, map(int, met), strict=True)),
        candidates=[Candidate(*row) for row in rows],
        as_of=as_of.date(),
    )
