with

matches as (

    select * from {{ ref('int_refunds__line_matches') }}
    union all
    select * from {{ ref('int_refunds__product_matches') }}

)

select * from matches
