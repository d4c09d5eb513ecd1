-- A reason stands in its usual category, in an exception that says why, or is marked contested.
with

decisions as (

    select
        'reason_map' as seed_name,
        reason_vocabulary || ': ' || raw_reason as decided,
        reason,
        reason_category,
        is_contested
    from {{ ref('reason_map') }}
    union all
    select
        'reason_rules' as seed_name,
        rule_id as decided,
        reason,
        reason_category,
        is_contested
    from {{ ref('reason_rules') }}

),

reasons as (

    select * from {{ ref('reasons') }}

),

exceptions as (

    select * from {{ ref('reason_category_exceptions') }}

),

final as (

    select decisions.*
    from decisions
    inner join reasons
        on decisions.reason = reasons.reason
    left join exceptions
        on
            decisions.reason = exceptions.reason
            and decisions.reason_category = exceptions.reason_category
    where
        decisions.reason_category != reasons.reason_category
        and exceptions.reason is null
        and not decisions.is_contested

)

select * from final
