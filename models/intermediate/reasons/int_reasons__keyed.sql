{{ config(materialized='table') }}

with

distinct_reasons as (

    select * from {{ ref('int_reasons__distinct') }}

),

final as (

    select
        reason_vocabulary,
        raw_reason,
        {{ normalise_reason('raw_reason') }} as reason_key
    from distinct_reasons

)

select * from final
