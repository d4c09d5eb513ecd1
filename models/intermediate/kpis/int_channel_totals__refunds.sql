with

counted_refunds as (

    {{ rows_in('metrics', ref('refund_items')) }}

),

refund_items as (

    -- A source's own refund number is its own: two marketplaces may use the same one.
    select
        *,
        concat_ws(':', channel, sub_channel, refund_id) as refund_key
    from counted_refunds

),

refund_totals as (

    select
        coalesce(channel, 'all') as channel,
        coalesce(sub_channel, 'all') as sub_channel,
        count(distinct refund_key) filter (where is_in_refund_rate) as refunds,
        sum(units_refunded) filter (where is_in_refund_rate and order_item_key is null)
            as units_refunded_unmatched,
        sum(units_refunded) filter (where refund_kind = 'undelivered') as units_undelivered,
        sum(units_refunded) filter (where refund_kind = 'exchange') as units_exchanged,
        sum(refund_usd) filter (where is_in_refund_rate and order_item_key is null)
            as refund_usd_unmatched,
        sum(refund_usd) filter (where refund_kind = 'undelivered') as undelivered_usd,
        sum(refund_usd) filter (where refund_kind = 'cancellation') as cancellation_usd,
        sum(refund_usd) filter (where refund_kind = 'adjustment') as adjustment_usd,
        sum(refund_usd_at_refund_date) as refund_usd_by_refund_date,
        sum(units_refunded) filter (where is_in_refund_rate and refund_amount is not null)
            as units_refunded_with_amount,
        sum(units_refunded) filter (where is_in_refund_rate) as units_refunded_reported
    from refund_items
    group by grouping sets ((channel, sub_channel), (channel), ())

)

select * from refund_totals
