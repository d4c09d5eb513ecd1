with

refunds as (

    select * from {{ ref('int_refunds__unioned') }}

),

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

-- Refunds that name no order, of customers we know.
pops as (

    select
        sub_channel,
        user_key,
        product_key,
        refunded_at as happened_at,
        'pop' as event,
        refund_line_key as event_key,
        units_refunded as units
    from refunds
    where
        reported_order_id is null
        and user_key is not null
        and product_key is not null
        and units_refunded > 0

),

stacks as (

    select distinct
        sub_channel,
        user_key,
        product_key
    from pops

),

pushes as (

    select
        order_lines.sub_channel,
        order_lines.user_key,
        order_lines.product_key,
        order_lines.ordered_at as happened_at,
        'push' as event,
        order_lines.order_item_key as event_key,
        order_lines.units_sold as units
    from order_lines
    inner join stacks
        on
            order_lines.sub_channel = stacks.sub_channel
            and order_lines.user_key = stacks.user_key
            and order_lines.product_key = stacks.product_key
    where order_lines.units_sold > 0

),

events as (

    select * from pops
    union all
    select * from pushes

)

select * from events
