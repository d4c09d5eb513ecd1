"""The Dashboard page: headline numbers, channels, trend, breakdowns, what to look at."""

from typing import Any

import pyarrow as pa

from serve.dashboard.data import Marts
from serve.dashboard.filters import ALL, Filters

_PUBLISHED = """
select
    channel, sub_channel, orders, orders_with_return, units_sold, units_refunded,
    sales_usd::double as sales_usd, refund_usd::double as refund_usd, refund_rate,
    refund_value_rate, order_return_rate, refund_amount_coverage,
    refund_usd_by_refund_date::double as refund_usd_by_refund_date,
    current_refund_rate, previous_refund_rate, refund_rate_change, trend_p_value, trend_direction
from channel_kpis
"""
# Days of a mart that leaves out the same orders, so that a narrowed number means what the published
# one means. All categories together have rows of their own, where each order counts once.
_NARROWED = """
select
    {key} as sub_channel, sum(orders)::bigint as orders,
    sum(orders_with_return)::bigint as orders_with_return,
    sum(units_sold)::bigint as units_sold, sum(units_refunded)::bigint as units_refunded,
    sum(sales_usd)::double as sales_usd, sum(refund_usd)::double as refund_usd,
    sum(units_refunded) / nullif(sum(units_sold), 0) as refund_rate,
    coalesce(sum(refund_usd), 0)::double / nullif(sum(sales_usd), 0)::double as refund_value_rate,
    sum(orders_with_return) / nullif(sum(shipped_orders), 0) as order_return_rate,
    sum(refund_usd_by_refund_date)::double as refund_usd_by_refund_date,
    null::varchar as trend_direction
from category_kpis_daily
where category = $category_row and {days}
group by {key} order by refund_usd desc nulls last, sub_channel
"""


def headline(marts: Marts, filters: Filters) -> dict[str, Any]:
    """Return the headline numbers of the choice.

    As published in `channel_kpis` unless a period or a category narrows them.
    """
    if not filters.is_narrowed:
        sql = f"{_PUBLISHED} where channel = $channel and sub_channel = $sub_channel"
        values = {"channel": filters.channel or ALL, "sub_channel": filters.sub_channel or ALL}
        rows = marts.rows(sql, values)
        return rows[0] if rows else {}
    found = _narrowed(marts, filters, "'all'").to_pylist()
    return found[0] if found else {}


def by_channel(marts: Marts, filters: Filters) -> pa.Table:
    """Return one row per sub-channel of the choice; the trend only where nothing narrows it."""
    if not filters.is_narrowed:
        sql = f"{_PUBLISHED} where sub_channel != 'all' and {filters.where()} "
        sql += "order by refund_usd desc nulls last, sub_channel"
        return marts.query(sql, filters.values(sql))
    return _narrowed(marts, filters, "sub_channel")


def _narrowed(marts: Marts, filters: Filters, key: str) -> pa.Table:
    sql = _NARROWED.format(key=key, days=filters.where("kpi_date", with_category=False))
    return marts.query(sql, filters.values(sql, category_row=filters.category or ALL))


def weekly(marts: Marts, filters: Filters) -> pa.Table:
    """Return the weeks of the choice with their control limits, at equal age."""
    sql = """
    select
        week_start, orders, units_sold, units_refunded, refund_rate, baseline_refund_rate,
        lower_limit, upper_limit, chart_position, has_moved_up, moved_up_since
    from channel_weekly
    where channel = $channel_row and sub_channel = $sub_channel_row and category = $category_row
    """
    if filters.since:
        sql += "and week_start >= $since "
    if filters.until:
        sql += "and week_start < $until "
    sql += "order by week_start"
    values = filters.values(
        sql,
        channel_row=filters.channel or ALL,
        sub_channel_row=filters.sub_channel or ALL,
        category_row=filters.category or ALL,
    )
    return marts.query(sql, values)


def by_category(marts: Marts, filters: Filters) -> pa.Table:
    """Return one row per product category of the choice, the dearest first. Clock: order date."""
    condition = "category = $category" if filters.category else f"category != '{ALL}'"
    sql = f"""
    select
        category, sum(units_sold)::bigint as units_sold,
        sum(units_refunded)::bigint as units_refunded,
        sum(units_refunded) / nullif(sum(units_sold), 0) as refund_rate,
        sum(refund_usd)::double as refund_usd
    from category_kpis_daily
    where {condition} and {filters.where("kpi_date", with_category=False)}
    group by category having sum(units_sold) > 0
    order by refund_usd desc nulls last, category
    """
    return marts.query(sql, filters.values(sql))


def by_kind(marts: Marts, filters: Filters) -> pa.Table:
    """Return money given back by kind, by the refund's own day: the cash clock."""
    sql = f"""
    select
        refund_kind, count(distinct refund_id) as refunds,
        coalesce(sum(units_refunded), 0)::bigint as units_refunded,
        sum(refund_usd_at_refund_date)::double as refund_usd_by_refund_date
    from refund_items where refunded_at is not null and {filters.where("refunded_at")}
    group by refund_kind order by refund_usd_by_refund_date desc nulls last, refund_kind
    """
    return marts.query(sql, filters.values(sql))


def worsened(marts: Marts) -> pa.Table:
    """Return the sub-channels whose rate went up, by the trend test or by their CUSUM."""
    sql = """
    with latest as (
        select sub_channel, arg_max(moved_up_since, week_start) as moved_up_since
        from channel_weekly
        where category = 'all' and sub_channel != 'all' group by sub_channel
    )
    select
        channel_kpis.sub_channel, channel_kpis.previous_refund_rate,
        channel_kpis.current_refund_rate, channel_kpis.refund_rate_change,
        channel_kpis.trend_p_value, channel_kpis.trend_direction, latest.moved_up_since
    from channel_kpis left join latest on channel_kpis.sub_channel = latest.sub_channel
    where channel_kpis.sub_channel != 'all'
        and (channel_kpis.trend_direction = 'up' or latest.moved_up_since is not null)
    order by
        channel_kpis.trend_direction = 'up' desc,
        channel_kpis.refund_rate_change desc nulls last
    """
    return marts.query(sql)
