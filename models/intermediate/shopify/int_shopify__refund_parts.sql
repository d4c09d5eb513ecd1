-- Every part of every refund that counts, in its own words, before it is tied to its order.
with

components as (

    select * from {{ ref('int_shopify__refund_components') }}
    where excluded_reason is null

),

refunds as (

    select * from {{ ref('int_shopify__paid_refunds') }}

),

refund_lines as (

    select * from {{ ref('int_shopify__refund_lines_classified') }}

),

refund_reasons as (

    select * from {{ ref('int_shopify__refund_reasons') }}

),

exchange_refunds as (

    select * from {{ ref('int_shopify__exchange_refunds') }}

),

refunded as (

    select
        case when components.component = 'item' then 'refund_lines' else 'refunds' end
            as record_type,
        components.sub_channel,
        components.order_id,
        components.refund_id,
        components.refund_line_id,
        refund_lines.sold_order_line_id as order_line_id,
        components.component,
        -- Tax, shipping and corrections are money beside the goods.
        case
            when components.component = 'item' then components.refund_kind else 'adjustment'
        end as refund_kind,
        case
            when components.component = 'item' then refund_lines.units_refunded else 0
        end as units_refunded,
        components.refund_amount,
        coalesce(refund_lines.layout, refund_reasons.layout) as layout,
        case
            when refund_lines.refund_line_id is null then refund_reasons.raw_reason
            else refund_lines.raw_reason
        end as raw_reason,
        refunds.refunded_at,
        'refunded' as refunded_at_basis
    from components
    inner join refunds
        on
            components.sub_channel = refunds.sub_channel
            and components.order_id = refunds.order_id
            and components.refund_id = refunds.refund_id
    inner join refund_reasons
        on
            components.sub_channel = refund_reasons.sub_channel
            and components.order_id = refund_reasons.order_id
            and components.refund_id = refund_reasons.refund_id
    left join refund_lines
        on
            components.sub_channel = refund_lines.sub_channel
            and components.order_id = refund_lines.order_id
            and components.refund_id = refund_lines.refund_id
            and components.refund_line_id = refund_lines.refund_line_id

),

exchanged as (

    select
        'return_lines' as record_type,
        sub_channel,
        order_id,
        return_id as refund_id,
        return_line_id as refund_line_id,
        sold_order_line_id as order_line_id,
        'item' as component,
        'exchange' as refund_kind,
        units_refunded,
        cast(0 as decimal(18, 4)) as refund_amount,
        layout,
        raw_reason,
        refunded_at,
        refunded_at_basis
    from exchange_refunds

),

final as (

    select * from refunded
    union all
    select * from exchanged

)

select * from final
