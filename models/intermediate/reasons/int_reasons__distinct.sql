{{ config(materialized='table') }}

with

codes as (

    select * from {{ ref('int_reasons__codes') }}

),

undecided as (

    select * from {{ ref('int_reasons__undecided') }}

),

refund_notes as (

    select
        reason_vocabulary,
        raw_reason,
        reason_note
    from {{ ref('int_refunds__unioned') }}
    where reason_note is not null

),

return_notes as (

    select
        reason_vocabulary,
        raw_reason,
        reason_note
    from {{ ref('int_returns__unioned') }}
    where reason_note is not null

),

noted as (

    select * from refund_notes
    union
    select * from return_notes

),

-- A note is free text: no list of codes is looked up for it.
notes as (

    select
        'any' as reason_vocabulary,
        noted.reason_note as raw_reason
    from noted
    inner join undecided
        on
            noted.reason_vocabulary = undecided.reason_vocabulary
            and noted.raw_reason is not distinct from undecided.raw_reason

),

final as (

    select * from codes
    union
    select * from notes

)

select * from final
