{#
    Only orders old enough to have had their slow refunds, else the quick ones of young orders would
    make every channel look quick.
#}
with

refund_items as (

    {{ rows_in('metrics', ref('refund_items'), 'kept.is_in_refund_rate') }}

),

grown_up as (

    select * from refund_items
    where
        order_item_key is not null
        and days_to_refund between 0 and {{ var('lag_min_age_days') }}
        and ordered_at < {{ as_of() }} - interval '{{ var("lag_min_age_days") }} days'

),

lags as (

    select
        coalesce(channel, 'all') as channel,
        coalesce(sub_channel, 'all') as sub_channel,
        days_to_refund,
        sum(units_refunded) as units_refunded
    from grown_up
    group by
        grouping sets (
            (channel, sub_channel, days_to_refund), (channel, days_to_refund), (days_to_refund)
        )

),

running as (

    select
        *,
        sum(units_refunded) over (
            partition by channel, sub_channel order by days_to_refund
        ) as units_refunded_by_then,
        sum(units_refunded) over (partition by channel, sub_channel) as units_refunded_at_last
    from lags
    where units_refunded > 0

),

final as (

    select
        channel,
        sub_channel,
        cast(days_to_refund as bigint) as days_to_refund,
        cast(units_refunded as bigint) as units_refunded,
        cast(units_refunded_by_then as bigint) as units_refunded_by_then,
        {{ rate('units_refunded', 'units_refunded_at_last') }} as refund_share,
        {{ rate('units_refunded_by_then', 'units_refunded_at_last') }} as cumulative_share,
        days_to_refund <= {{ var('maturity_days') }} as is_within_maturity
    from running

)

select * from final
