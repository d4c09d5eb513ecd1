with

refunds as (

    select * from {{ ref('int_desertcart__refunds_classified') }}

),

refund_items as (

    select * from {{ ref('int_desertcart__refund_items_classified') }}

),

refund_item_rows as (

    select
        'refund_items' as record_type,
        order_month,
        currency,
        quantity as units,
        amount,
        excluded_reason as row_excluded_reason,
        case
            when not has_refund and amount != 0 then 'refund_not_given'
            when paid_amount < amount then 'withheld_from_refund'
        end as amount_excluded_reason,
        case when has_refund then amount - paid_amount else amount end as excluded_amount
    from refund_items

),

-- What a refund pays for a line that is left out, a gift card, is left out of its sum too.
refund_lines_summary as (

    select
        refund_id,
        count(*) filter (where excluded_reason is null) as lines_in_core,
        coalesce(sum(paid_amount) filter (where excluded_reason is not null), 0)
            as excluded_amount
    from refund_items
    group by refund_id

),

joined as (

    select
        refunds.*,
        coalesce(refund_lines_summary.lines_in_core, 0) as lines_in_core,
        case
            when refunds.is_whole_order then refunds.order_card_amount
            else coalesce(refund_lines_summary.excluded_amount, 0)
        end as card_amount
    from refunds
    left join refund_lines_summary
        on refunds.refund_id = refund_lines_summary.refund_id

),

refund_rows as (

    select
        'refunds' as record_type,
        order_month,
        currency,
        0 as units,
        amount,
        case
            when excluded_reason is not null then excluded_reason
            when lines_in_core > 0 then null
            when item_rows = 0 and refund_kind != 'adjustment' then null
            when not has_refund then 'refund_not_given'
            when bare_amount + shipping_amount > 0 then null
            when stated_amount is null and item_rows = 0 then null
            when item_rows > 0 then 'gift_card_line'
            else 'refund_of_nothing'
        end as row_excluded_reason,
        case
            when not has_refund and amount != 0 then 'refund_not_given'
            when card_amount != 0 then 'gift_card_line'
        end as amount_excluded_reason,
        case when has_refund then card_amount else amount end as excluded_amount
    from joined

),

final as (

    select * from refund_item_rows
    union all
    select * from refund_rows

)

select * from final
