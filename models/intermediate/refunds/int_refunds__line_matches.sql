{{ config(materialized='table') }}

with

refunds as (

    select * from {{ ref('int_refunds__unioned') }}
    where order_key is not null and line_ref like 'line:%'

),

lots as (

    select * from {{ ref('int_order_lines__named') }}
    where line_ref like 'line:%'

),

{{ drawn_units('refunds', 'lots') }}

select * from drawn
