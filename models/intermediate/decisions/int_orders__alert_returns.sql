{{ config(materialized='table') }}

with

returns as (

    select * from {{ ref('return_items') }}
    where
        order_key is not null
        and is_customer_return
        and return_status in ('requested', 'open')

),

order_items as (

    select * from {{ ref('order_items') }}

),

final as (

    select
        returns.order_key,
        count(distinct returns.return_id) as open_returns,
        min(returns.requested_at) as first_requested_at,
        date_diff('day', cast(min(returns.requested_at) as date), cast({{ as_of() }} as date))
            as open_return_days,
        cast(
            sum(
                order_items.sales_usd
                * least(returns.units_returned, order_items.units_sold)
                / nullif(order_items.units_sold, 0)
            ) as decimal(18, 4)
        ) as open_return_usd
    from returns
    left join order_items
        on returns.order_item_key = order_items.order_item_key
    group by returns.order_key

)

select * from final
