with

classified as (

    select * from {{ ref('int_reasons__classified') }}
    where
        reason_vocabulary = 'any'
        and raw_reason is not null
        and reason_category != 'UNKNOWN'

),

final as (

    select
        raw_reason as reason_note,
        reason,
        reason_category,
        'note' as reason_match,
        reason_rule
    from classified

)

select * from final
