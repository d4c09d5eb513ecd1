with

refund_items as (

    select * from {{ ref('refund_items') }}
    where reason_match = 'unmapped'

),

allocated as (

    select
        refund_item_key,
        reason_vocabulary
    from {{ ref('int_refunds__allocated') }}

),

classified as (

    select * from {{ ref('int_reasons__classified') }}
    where reason_match = 'unmapped'

),

nearest as (

    select * from {{ ref('int_reasons__nearest') }}

),

reason_totals as (

    select
        allocated.reason_vocabulary,
        refund_items.raw_reason,
        count(distinct refund_items.sub_channel || ':' || refund_items.refund_id) as refunds,
        sum(refund_items.units_refunded) as units_refunded,
        sum(refund_items.refund_usd) as refund_usd,
        string_agg(distinct refund_items.sub_channel, ', ' order by refund_items.sub_channel)
            as sub_channels,
        min(refund_items.refunded_at) as first_seen_at,
        max(refund_items.refunded_at) as last_seen_at
    from refund_items
    inner join allocated
        on refund_items.refund_item_key = allocated.refund_item_key
    group by allocated.reason_vocabulary, refund_items.raw_reason

),

nearest_lists as (

    select
        reason_key,
        string_agg(known_reason || ' (' || reason || ')', '; ' order by nearest_rank)
            as nearest_known_reasons
    from nearest
    group by reason_key

),

final as (

    select
        reason_totals.reason_vocabulary,
        reason_totals.raw_reason,
        classified.reason_key,
        nearest_lists.nearest_known_reasons,
        reason_totals.sub_channels,
        reason_totals.refunds,
        cast(reason_totals.units_refunded as bigint) as units_refunded,
        cast(reason_totals.refund_usd as decimal(18, 4)) as refund_usd,
        reason_totals.first_seen_at,
        reason_totals.last_seen_at
    from reason_totals
    inner join classified
        on
            reason_totals.reason_vocabulary = classified.reason_vocabulary
            and reason_totals.raw_reason = classified.raw_reason
    left join nearest_lists
        on classified.reason_key = nearest_lists.reason_key

)

select * from final
