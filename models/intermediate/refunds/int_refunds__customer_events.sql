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

-- Units that refunds with an order took are no longer in the customer's hands.
named_units as (

    select
        order_item_key,
        sum(units_to - units_from) as units
    from {{ ref('int_refunds__named_matches') }}
    group by order_item_key

),

pushes as (

    select
        order_lines.sub_channel,
        order_lines.user_key,
        order_lines.product_key,
        order_lines.ordered_at as happened_at,
        'push' as event,
        order_lines.order_item_key as event_key,
        order_lines.units_sold - coalesce(named_units.units, 0) as units
    from order_lines
    inner join stacks
        on
            order_lines.sub_channel = stacks.sub_channel
            and order_lines.user_key = stacks.user_key
            and order_lines.product_key = stacks.product_key
    left join named_units
        on order_lines.order_item_key = named_units.order_item_key
    where order_lines.units_sold > coalesce(named_units.units, 0)

),

events as (

    select * from pops
    union all
    select * from pushes

)

select * from events
