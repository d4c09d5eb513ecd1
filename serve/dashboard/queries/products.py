"""The Products page: ranking by money at stake, and one product."""

from typing import Any

import pyarrow as pa

from serve.dashboard.data import Marts
from serve.dashboard.filters import Filters

MOST_ROWS = 1000
BY_SEVERITY = "list_position(['critical', 'high', 'watch', 'normal'], ranked.severity)"
_SCORES = """
    ranked.refund_rank, ranked.product_key, ranked.sku, ranked.product_name, ranked.category,
    ranked.severity, ranked.severity_reason, {numbers}
    ranked.refund_rate_lower, ranked.refund_rate_upper, ranked.excess_usd,
    ranked.money_at_stake_usd, ranked.top_reason, ranked.top_reason_category,
    ranked.top_reason_advice
"""
_PUBLISHED = """
    ranked.units_sold, ranked.units_refunded, ranked.refund_rate,
    ranked.refund_usd::double as refund_usd,
"""
_IN_PERIOD = """
    chosen.units_sold, chosen.units_refunded,
    chosen.units_refunded / nullif(chosen.units_sold, 0) as refund_rate, chosen.refund_usd,
"""


def ranking(marts: Marts, filters: Filters, search: str = "") -> pa.Table:
    """Return the products to look at first on top, at most `MOST_ROWS`.

    Severity, bounds and money at stake always rest on all orders; in a period, units, rate and USD
    are those of the period. In a channel, a product is held against the others of its sub-channel.
    """
    conditions = ["true"]
    table = "product_refunds as ranked"
    columns = _SCORES.format(numbers=_IN_PERIOD if filters.has_period else _PUBLISHED)
    if filters.channel:
        table = "product_channel_refunds as ranked"
        columns = f"ranked.sub_channel, {columns}"
        conditions.append("ranked.channel = $channel")
    if filters.sub_channel:
        conditions.append("ranked.sub_channel = $sub_channel")
    if filters.category:
        conditions.append("coalesce(ranked.category, '(none)') = $category")
    if search:
        conditions.append(
            "contains(lower(concat_ws(' ', ranked.sku, ranked.product_name, ranked.brand)), "
            "lower($search))"
        )
    before = ""
    if filters.has_period:
        keys = "product_key, sub_channel" if filters.channel else "product_key"
        before = f"""
        with chosen as (
            select {keys}, sum(units_sold)::bigint as units_sold,
                sum(units_refunded)::bigint as units_refunded,
                sum(refund_usd)::double as refund_usd
            from order_items where {filters.where("ordered_at", with_category=False)}
            group by {keys}
        )
        """
        table += f" inner join chosen using ({keys})"
    sql = f"""
    {before}
    select {columns} from {table} where {" and ".join(conditions)}
    order by
        {BY_SEVERITY}, ranked.money_at_stake_usd desc nulls last, ranked.refund_rank,
        ranked.product_key
    limit {MOST_ROWS}
    """
    return marts.query(sql, filters.values(sql, search=search))


def categories(marts: Marts, filters: Filters) -> pa.Table:
    """Return categories by sub-channel, each against its own rate elsewhere. All orders."""
    conditions = [filters.where(with_category=False)]
    if filters.category:
        conditions.append("category = $category")
    sql = f"""
    select
        category, sub_channel, severity, severity_reason, units_sold, units_refunded, refund_rate,
        refund_ratio, money_at_stake_usd, top_product_key, top_product_share
    from category_refunds where {" and ".join(conditions)}
    order by money_at_stake_usd desc nulls last, category, sub_channel
    """
    return marts.query(sql, filters.values(sql))


def product(marts: Marts, product_key: str) -> dict[str, Any] | None:
    """Return all that is published of one product; None if it is not ranked."""
    rows = marts.rows(
        "select * replace (sales_usd::double as sales_usd, refund_usd::double as refund_usd) "
        "from product_refunds where product_key = $key",
        {"key": product_key},
    )
    return rows[0] if rows else None


def product_channels(marts: Marts, product_key: str) -> pa.Table:
    """Return one product by sub-channel."""
    return marts.query(
        """
        select
            sub_channel, severity, severity_reason, units_sold, units_refunded, refund_rate,
            refund_rate_lower, refund_rate_upper, refund_usd::double as refund_usd, refund_ratio
        from product_channel_refunds where product_key = $key
        order by refund_usd desc nulls last, sub_channel
        """,
        {"key": product_key},
    )


def product_reasons(marts: Marts, product_key: str) -> pa.Table:
    """Return why one product comes back."""
    return marts.query(
        """
        select
            reason_category, reason, refunds, units_refunded, refund_usd::double as refund_usd,
            refund_share
        from reason_by_product where product_key = $key
        order by units_refunded desc, reason
        """,
        {"key": product_key},
    )


def product_weeks(marts: Marts, product_key: str, filters: Filters) -> pa.Table:
    """Return one product by week of order, mature orders alone."""
    # One question per publication instead of a join with all orders: maturity is a matter of age.
    mature = marts.rows("select max(ordered_at) as moment from orders where is_mature")
    sql = f"""
    select
        date_trunc('week', ordered_at)::date as week_start,
        sum(units_sold)::bigint as units_sold, sum(units_refunded)::bigint as units_refunded,
        sum(units_refunded) / nullif(sum(units_sold), 0) as refund_rate
    from order_items
    where product_key = $key and ordered_at <= $mature
        and {filters.where("ordered_at", with_category=False)}
    group by date_trunc('week', ordered_at) order by week_start
    """
    values = filters.values(sql, key=product_key, mature=mature[0]["moment"])
    return marts.query(sql, values)


def product_orders(marts: Marts, product_key: str, filters: Filters) -> pa.Table:
    """Return the orders of one product that gave something back, the latest first."""
    sql = f"""
    select
        order_key, user_key, sub_channel, ordered_at, units_sold, units_refunded,
        sales_usd::double as sales_usd, refund_usd::double as refund_usd
    from order_items
    where product_key = $key and units_refunded > 0
        and {filters.where("ordered_at", with_category=False)}
    order by ordered_at desc, order_item_key limit {MOST_ROWS}
    """
    return marts.query(sql, filters.values(sql, key=product_key))
