{{ config(materialized='table') }}

{#
    Few orders hold two lines of one category. To know them once spares counting distinct orders over
    all lines again and again: every other line is its order's only one of its category, and so of its
    product.
#}
with

score_lines as (

    select * from {{ ref('int_scores__lines') }}

),

final as (

    select
        order_key,
        category,
        count(*) as line_count,
        count(product_key) as product_lines
    from score_lines
    group by order_key, category
    having count(*) > 1

)

select * from final
