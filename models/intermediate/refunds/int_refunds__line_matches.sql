{{ config(materialized='table') }}

with

refunds as (

    select * from {{ ref('int_refunds__unioned') }}
    -- Cancelled units were never sold, so their refund takes none that was.
    where
        order_key is not null
        and line_ref like 'line:%'
        and refund_kind is distinct from 'cancellation'

),

lots as (

    select * from {{ ref('int_order_lines__named') }}
    where line_ref like 'line:%'

),

{{ drawn_units('refunds', 'lots') }}

select * from drawn
