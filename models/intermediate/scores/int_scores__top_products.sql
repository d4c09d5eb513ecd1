{# A category that comes back may be one product that does. #}
with

cells as (

    select * from {{ ref('int_scores__cells') }}

),

products as (

    select
        category,
        sub_channel,
        product_key,
        sum(lines_refunded) as lines_refunded
    from cells
    group by category, sub_channel, product_key

),

final as (

    select
        category,
        sub_channel,
        count(*) as products,
        arg_max(product_key, (lines_refunded, product_key)) as top_product_key,
        cast(max(lines_refunded) as bigint) as lines_refunded
    from products
    group by category, sub_channel

)

select * from final
