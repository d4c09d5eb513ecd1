"""The Reasons page: four categories and the standard reasons, by channel, month and product."""

import pyarrow as pa

from serve.dashboard.data import Marts
from serve.dashboard.filters import Filters

MOST_ROWS = 1000
HEAT_PRODUCTS = 20


def reasons(marts: Marts, filters: Filters) -> pa.Table:
    """Return refunds (return, refund_only) by category and reason.

    Clock: all refunds up to `as_of`, or those of the period by the refund's own day.
    """
    if not filters.is_narrowed:
        sql = f"""
        select
            reason_category, reason, sum(refunds)::bigint as refunds,
            sum(units_refunded)::bigint as units_refunded,
            sum(refund_usd)::double as refund_usd,
            sum(units_refunded) / nullif(sum(sum(units_refunded)) over (), 0) as refund_share
        from refund_reasons where {filters.where()}
        group by reason_category, reason order by units_refunded desc, reason
        """
        return marts.query(sql, filters.values(sql))
    sql = f"""
    select
        reason_category, reason, count(distinct refund_line_key) as refunds,
        coalesce(sum(units_refunded), 0)::bigint as units_refunded,
        sum(refund_usd)::double as refund_usd,
        sum(units_refunded) / nullif(sum(sum(units_refunded)) over (), 0) as refund_share
    from refund_items where is_in_refund_rate and {filters.where("refunded_at")}
    group by reason_category, reason order by units_refunded desc, reason
    """
    return marts.query(sql, filters.values(sql))


def by_channel(marts: Marts, filters: Filters) -> pa.Table:
    """Return the share of each category of reason by sub-channel. Clock: all refunds."""
    sql = f"""
    select
        sub_channel, reason_category, sum(units_refunded)::bigint as units_refunded,
        sum(units_refunded)
            / nullif(sum(sum(units_refunded)) over (partition by sub_channel), 0) as refund_share,
        (sum(sum(units_refunded)) over (partition by sub_channel))::bigint as units_of_row
    from refund_reasons where {filters.where(with_category=False)}
    group by sub_channel, reason_category order by sub_channel, reason_category
    """
    return marts.query(sql, filters.values(sql))


def by_month(marts: Marts, filters: Filters) -> pa.Table:
    """Return the categories of reason by month of the refund, on both sides of the share."""
    conditions = filters.where(with_category=False)
    if filters.since:
        conditions += " and refund_month >= date_trunc('month', $since::date)"
    if filters.until:
        conditions += " and refund_month < $until"
    sql = f"""
    select
        refund_month, reason_category, sum(units_refunded)::bigint as units_refunded,
        sum(units_refunded)
            / nullif(sum(sum(units_refunded)) over (partition by refund_month), 0) as refund_share
    from reason_by_month where {conditions}
    group by refund_month, reason_category order by refund_month, reason_category
    """
    return marts.query(sql, filters.values(sql))


def heat_map(marts: Marts, filters: Filters) -> pa.Table:
    """Return reasons of the products with most money at stake; share of the product's units.

    Over all channels and all refunds; a category keeps its products.
    """
    condition = "coalesce(category, '(none)') = $category" if filters.category else "true"
    sql = f"""
    with worst as (
        select product_key, sku, product_name, refund_rank from product_refunds
        where {condition} and units_refunded > 0 order by refund_rank limit {HEAT_PRODUCTS}
    )
    select
        worst.refund_rank, worst.product_key, worst.sku,
        coalesce(worst.product_name, worst.sku) as product_name,
        shares.reason_category, shares.reason, shares.units_refunded, shares.refund_share
    from worst inner join reason_by_product as shares on worst.product_key = shares.product_key
    order by worst.refund_rank, shares.reason
    """
    return marts.query(sql, filters.values(sql))


def unmapped(marts: Marts) -> pa.Table | None:
    """Return the texts that no rule knows, the dearest first; None without the mart."""
    if not marts.has("unmapped_reasons", "raw_reason", "nearest_known_reasons"):
        return None
    return marts.query(
        f"""
        select
            raw_reason, nearest_known_reasons, sub_channels, refunds, units_refunded,
            refund_usd::double as refund_usd, first_seen_at, last_seen_at
        from unmapped_reasons order by refund_usd desc nulls last, refunds desc, raw_reason
        limit {MOST_ROWS}
        """
    )
