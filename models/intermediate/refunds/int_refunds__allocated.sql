{{ config(materialized='table') }}

with

refunds as (

    select * from {{ ref('int_refunds__unioned') }}

),

pieces as (

    select * from {{ ref('int_refunds__pieces') }}

),

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

named_lines as (

    select distinct
        order_key,
        line_ref
    from {{ ref('int_order_lines__named') }}

),

final as (

    select
        ---------- keys
        concat_ws(
            ':', refunds.refund_line_key,
            row_number() over (
                partition by refunds.refund_line_key
                order by pieces.units_from asc, pieces.units_to asc
            )
        ) as refund_item_key,
        refunds.refund_line_key,
        refunds.refund_id,
        coalesce(order_lines.order_key, refunds.order_key) as order_key,
        pieces.order_item_key,
        coalesce(order_lines.product_key, refunds.product_key) as product_key,
        coalesce(order_lines.user_key, refunds.user_key) as user_key,

        ---------- attributes
        refunds.channel,
        refunds.sub_channel,
        refunds.reported_order_id,
        refunds.refund_kind,
        refunds.component,
        refunds.raw_reason,
        refunds.reason_note,
        refunds.reason_vocabulary,
        refunds.refunded_at_basis,
        refunds.units_basis,
        refunds.record_type,
        refunds.source_batch,
        coalesce(pieces.match_method, 'none') as match_method,
        case
            when pieces.order_item_key is not null then 'line'
            when refunds.order_key is not null then 'order'
            else 'none'
        end as match_level,

        ---------- amounts
        pieces.units_to - pieces.units_from as units_refunded,
        refunds.currency,
        -- The amount follows the units; differences of rounded running sums lose no penny.
        case
            when refunds.units_refunded = 0 then refunds.refund_amount
            else
                cast(
                    round(refunds.refund_amount * pieces.units_to / refunds.units_refunded, 4)
                    - round(refunds.refund_amount * pieces.units_from / refunds.units_refunded, 4)
                    as decimal(18, 4)
                )
        end as refund_amount,

        ---------- flags
        (
            named_lines.line_ref is not null
            and pieces.order_item_key is null
            and refunds.units_refunded > 0
            -- What is given back for cancelled units was never sold.
            and refunds.refund_kind is distinct from 'cancellation'
        ) as is_over_refund,

        ---------- times
        refunds.refunded_at

    from pieces
    inner join refunds
        on pieces.refund_line_key = refunds.refund_line_key
    left join order_lines
        on pieces.order_item_key = order_lines.order_item_key
    left join named_lines
        on
            refunds.order_key = named_lines.order_key
            and refunds.line_ref = named_lines.line_ref

)

select * from final
