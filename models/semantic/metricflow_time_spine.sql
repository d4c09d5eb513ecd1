{{ config(materialized='view', schema='semantic') }}

-- One row a day for the semantic layer, from the first order or refund to `as_of`.
with

days as (

    select
        cast(min(ordered_at) as date) as first_day,
        cast({{ as_of() }} as date) as last_day
    from {{ ref('order_items') }}

),

spine as (

    select
        cast(
            unnest(generate_series(first_day, last_day, interval '1 day')) as date
        ) as date_day
    from days

)

select * from spine
