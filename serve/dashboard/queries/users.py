"""The Users page: ranking of customers, by key alone, and one customer's history."""

from typing import Any

import pyarrow as pa

from serve.dashboard.data import Marts
from serve.dashboard.filters import Filters
from serve.dashboard.queries.products import BY_SEVERITY

MOST_ROWS = 1000
# Who ordered in a period or a category is asked of so many, not of all customers there are.
_ASKED = 5000


def ranking(marts: Marts, filters: Filters, search: str = "") -> pa.Table:
    """Return the customers to look at first on top, at most `MOST_ROWS`. All their orders count.

    A period or a category keeps the customers who ordered in it, of the `_ASKED` ranked highest.
    """
    conditions = ["true"]
    if filters.channel:
        conditions.append("channel = $channel")
    if filters.sub_channel:
        conditions.append("sub_channel = $sub_channel")
    if filters.since:
        conditions.append("last_ordered_at >= $since")
    if filters.until:
        conditions.append("first_ordered_at < $until")
    if search:
        conditions.append("contains(lower(user_key), lower($search))")
    bought = "true"
    if filters.is_narrowed:
        bought = f"""user_key in (
            select user_key from {"order_items" if filters.category else "orders"}
            where user_key in (select user_key from asked) and {filters.where("ordered_at")}
        )"""
    candidates = "select null as candidate_key, null::varchar as flags, null::double as risk_score"
    if marts.has("fraud_candidates", "user_key", "flags", "risk_score"):
        # One row per customer, whatever sub-channels it is a candidate in.
        candidates = """
        select user_key as candidate_key, arg_max(flags, risk_score) as flags,
            max(risk_score) as risk_score
        from fraud_candidates where user_key in (select user_key from chosen) group by user_key
        """
    order = f"{BY_SEVERITY}, return_rank, user_key"
    # Keys first: the columns of a million customers who are not shown are never read.
    sql = f"""
    with asked as materialized (
        select user_key, severity, return_rank from user_refunds as ranked
        where {" and ".join(conditions)} order by {order}
        limit {_ASKED if filters.is_narrowed else MOST_ROWS}
    ),
    chosen as materialized (
        select user_key, return_rank from asked as ranked
        where {bought} order by {order} limit {MOST_ROWS}
    ),
    candidates as ({candidates})
    select
        return_rank, user_key, sub_channel, severity, severity_reason, orders, orders_with_return,
        order_return_rate, order_return_rate_lower, order_return_rate_upper, units_sold,
        units_refunded, refund_usd::double as refund_usd, money_at_stake_usd,
        candidates.flags, candidates.risk_score, last_ordered_at
    from user_refunds as ranked inner join chosen using (user_key, return_rank)
    left join candidates on ranked.user_key = candidates.candidate_key
    order by {order}
    """
    return marts.query(sql, filters.values(sql, search=search))


def user(marts: Marts, user_key: str) -> dict[str, Any] | None:
    """Return all that is published of one ranked customer; None if there is no such row."""
    rows = marts.rows(
        "select * replace (sales_usd::double as sales_usd, refund_usd::double as refund_usd) "
        "from user_refunds where user_key = $key",
        {"key": user_key},
    )
    return rows[0] if rows else None


def history(marts: Marts, user_key: str) -> pa.Table:
    """Return every order, refund and return of a customer, the latest first."""
    return marts.query(
        f"""
        select
            happened_at, event, state, order_key, units, amount_usd::double as amount_usd, reason,
            reason_category
        from user_history where user_key = $key
        order by event_number desc limit {MOST_ROWS}
        """,
        {"key": user_key},
    )


def flags(marts: Marts, user_key: str) -> list[dict[str, Any]]:
    """Return what the fraud rules say of a customer; nothing where that mart is not published."""
    if not marts.has("fraud_customers", "flags", "why"):
        return []
    return marts.rows(
        """
        select
            sub_channel, flags, why, risk_score, orders, orders_with_return, returns_count,
            wardrobed_orders, return_rate, is_candidate
        from fraud_customers where user_key = $key order by risk_score desc
        """,
        {"key": user_key},
    )


def linked_accounts(marts: Marts, user_key: str) -> pa.Table | None:
    """Return the other accounts of the same person and what they share; None without the mart."""
    if not marts.has("person_links", "person_key", "identifier_hash"):
        return None
    return marts.query(
        """
        with own as (
            select distinct person_key, identifier_kind, identifier_hash
            from person_links where user_key = $key
        )
        select
            others.user_key, others.sub_channel,
            string_agg(distinct own.identifier_kind, ', ' order by own.identifier_kind) as shares
        from own
        inner join person_links as others
            on own.person_key = others.person_key
            and own.identifier_kind = others.identifier_kind
            and own.identifier_hash = others.identifier_hash
        where others.user_key != $key
        group by others.user_key, others.sub_channel order by others.user_key
        """,
        {"key": user_key},
    )
