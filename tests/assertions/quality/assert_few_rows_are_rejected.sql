-- At most `max_reject_share` of the rows of the files in force could not be read.
with

totals as (

    select
        sum(rows_rejected) as rows_rejected,
        sum(rows_in_source) as rows_in_source
    from {{ ref('reconciliation') }}
    where is_in_force

)

select *
from totals
where {{ rate('rows_rejected', 'rows_in_source') }} > {{ var('max_reject_share') }}
