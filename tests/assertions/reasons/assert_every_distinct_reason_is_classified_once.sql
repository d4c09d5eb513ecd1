-- The lookups neither lose nor double a reason.
with

distinct_reasons as (

    select
        reason_vocabulary,
        raw_reason,
        count(*) as rows_count
    from {{ ref('int_reasons__distinct') }}
    group by reason_vocabulary, raw_reason

),

classified as (

    select
        reason_vocabulary,
        raw_reason,
        count(*) as rows_count
    from {{ ref('int_reasons__classified') }}
    group by reason_vocabulary, raw_reason

),

final as (

    select
        distinct_reasons.reason_vocabulary,
        distinct_reasons.raw_reason,
        classified.rows_count
    from distinct_reasons
    left join classified
        on
            distinct_reasons.reason_vocabulary = classified.reason_vocabulary
            and distinct_reasons.raw_reason is not distinct from classified.raw_reason
    where classified.rows_count is distinct from 1

)

select * from final
