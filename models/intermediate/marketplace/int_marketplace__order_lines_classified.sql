{{ config(materialized='table') }}

with

order_lines as (

    select * from {{ ref('int_marketplace__order_lines_versioned') }}

),

sub_channels as (

    select * from {{ ref('sub_channels') }}

),

line_states as (

    select * from {{ ref('order_line_states') }}

),

line_classes as (

    select * from {{ ref('int_marketplace__line_classes') }}

),

statuses as (

    select
        order_lines.*,
        sub_channels.channel,
        sub_channels.time_zone,
        coalesce(order_lines.currency, sub_channels.default_currency) as order_currency,
        {{ status_key('order_lines.item_status') }} as item_status_key,
        {{ status_key('order_lines.order_status') }} as order_status_key
    from order_lines
    inner join sub_channels
        on order_lines.sub_channel = sub_channels.sub_channel

),

read_lines as (

    select
        statuses.*,
        {{ utc_moment('statuses.ordered_at_text', 'statuses.time_zone') }} as ordered_at,
        {{ utc_moment('statuses.delivered_at_text', 'statuses.time_zone') }} as delivered_at,
        {{ utc_moment('statuses.cancelled_at_text', 'statuses.time_zone') }} as cancelled_at,
        coalesce(line_classes.line_class, 'product') as line_class,
        -- The status of the item goes before that of its order: real rows say Shipped + Cancelled.
        coalesce(
            item_own.line_state,
            item_any.line_state,
            order_own.line_state,
            order_any.line_state,
            'unknown'
        ) as line_state
    from statuses
    left join line_classes
        on
            statuses.sub_channel = line_classes.sub_channel
            and statuses.sku = line_classes.sku
    left join line_states as item_own
        on
            statuses.sub_channel = item_own.sub_channel
            and statuses.item_status_key = item_own.status_key
    left join line_states as item_any
        on
            item_any.sub_channel = 'any'
            and statuses.item_status_key = item_any.status_key
    left join line_states as order_own
        on
            statuses.sub_channel = order_own.sub_channel
            and statuses.order_status_key = order_own.status_key
    left join line_states as order_any
        on
            order_any.sub_channel = 'any'
            and statuses.order_status_key = order_any.status_key

),

final as (

    select
        *,
        case
            when superseded_reason is not null then superseded_reason
            when ordered_at > {{ as_of() }} then 'after_as_of'
            when line_class = 'gift_card' then 'gift_card_line'
            when line_class != 'product' then 'non_product_line'
        end as excluded_reason
    from read_lines

)

select * from final
