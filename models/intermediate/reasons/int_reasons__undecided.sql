{{ config(materialized='table') }}

with

codes as (

    select
        reason_vocabulary,
        raw_reason,
        {{ normalise_reason('raw_reason') }} as reason_key
    from {{ ref('int_reasons__codes') }}

),

decided as (

    select distinct reason_key
    from {{ ref('int_reasons__known') }}
    where reason not in ('other', 'no_reason_given')

),

final as (

    select
        codes.reason_vocabulary,
        codes.raw_reason
    from codes
    left join decided
        on codes.reason_key = decided.reason_key
    where decided.reason_key is null

)

select * from final
