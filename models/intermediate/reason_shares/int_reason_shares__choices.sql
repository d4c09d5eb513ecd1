with

refund_items as (

    {{ rows_in('scans', ref('refund_items'), 'kept.is_in_refund_rate') }}

),

allocated as (

    select
        refund_item_key,
        reason_vocabulary
    from {{ ref('int_refunds__allocated') }}

),

classified as (

    select * from {{ ref('int_reasons__classified') }}
    where reason_key is not null

),

final as (

    select
        refund_items.channel,
        refund_items.sub_channel,
        allocated.reason_vocabulary,
        classified.reason_key,
        min(classified.raw_reason) as raw_reason,
        min(classified.reason) as reason,
        -- One choice a refund line, however many order lines or units it covers.
        count(distinct refund_items.refund_line_key) as choices
    from refund_items
    inner join allocated
        on refund_items.refund_item_key = allocated.refund_item_key
    inner join classified
        on
            allocated.reason_vocabulary = classified.reason_vocabulary
            and refund_items.raw_reason = classified.raw_reason
    group by
        refund_items.channel,
        refund_items.sub_channel,
        allocated.reason_vocabulary,
        classified.reason_key

)

select * from final
