-- Whoever reads a contested row finds the reason for the choice beside it.
with

contested as (

    select
        'reason_map' as seed_name,
        reason_vocabulary || ': ' || raw_reason as decided,
        note
    from {{ ref('reason_map') }}
    where is_contested
    union all
    select
        'reason_rules' as seed_name,
        rule_id as decided,
        note
    from {{ ref('reason_rules') }}
    where is_contested

),

final as (

    select * from contested
    where coalesce(trim(note), '') = ''

)

select * from final
