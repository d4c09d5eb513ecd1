{{ config(materialized='table') }}

with

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

usd_rates as (

    select * from {{ ref('int_usd_rates__daily') }}

),

final as (

    select
        order_lines.*,
        {{ to_usd('order_lines.sales_amount', 'usd_rates.usd_per_unit') }} as sales_usd
    from order_lines
    left join usd_rates
        on
            order_lines.currency = usd_rates.currency
            and cast(order_lines.ordered_at as date) = usd_rates.rate_date

)

select * from final
