-- The one place where the cost of reasons depends on rows: all after it works on distinct ones.
with

refunds as (

    select
        reason_vocabulary,
        raw_reason
    from {{ ref('int_refunds__unioned') }}

),

returns as (

    select
        reason_vocabulary,
        raw_reason
    from {{ ref('int_returns__unioned') }}

),

final as (

    select * from refunds
    union
    select * from returns

)

select * from final
