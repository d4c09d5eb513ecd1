{{ config(materialized='table') }}

{#
    The one place that says which orders a person has dealt with. Scans (rankings, candidates, queue)
    leave all of them out; KPI totals only those whose reason says so. Only those orders have a row:
    join from the left and keep what finds none.
#}
with

resolutions as (

    select * from {{ ref('int_orders__resolutions') }}

),

final as (

    select
        order_key,
        reason_code as excluded_reason,
        true as is_out_of_scans,
        affects_metrics as is_out_of_metrics
    from resolutions
    where resolution_state = 'resolved'

)

select * from final
