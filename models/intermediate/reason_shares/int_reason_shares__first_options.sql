with

choices as (

    select * from {{ ref('int_reason_shares__choices') }}

),

published as (

    select
        reason_vocabulary,
        {{ normalise_reason('raw_reason') }} as reason_key
    from {{ ref('reason_first_options') }}

),

sorted_options as (

    select
        channel,
        sub_channel,
        reason_vocabulary,
        min(reason_key) as reason_key,
        count(*) as options_seen,
        sum(choices) as choices
    from choices
    group by channel, sub_channel, reason_vocabulary
    -- More wordings than this are typed, not chosen: a typed list has no first option.
    having count(*) between 2 and {{ var('max_reason_options') }}

),

final as (

    select
        sorted_options.channel,
        sorted_options.sub_channel,
        sorted_options.reason_vocabulary,
        coalesce(published.reason_key, sorted_options.reason_key) as reason_key,
        if(published.reason_key is null, 'alphabet', 'publisher') as first_by,
        sorted_options.options_seen,
        sorted_options.choices
    from sorted_options
    left join published
        on sorted_options.reason_vocabulary = published.reason_vocabulary

)

select * from final
