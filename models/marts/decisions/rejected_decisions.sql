with

events as (

    select * from {{ ref('int_decisions__events') }}
    where problem is not null

),

final as (

    select
        file_name,
        problem,
        recorded_at
    from events

)

select * from final
