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

first_options as (

    select
        sorted_options.* exclude (reason_key),
        coalesce(published.reason_key, sorted_options.reason_key) as reason_key,
        if(published.reason_key is null, 'alphabet', 'publisher') as first_by
    from sorted_options
    left join published
        on sorted_options.reason_vocabulary = published.reason_vocabulary

),

final as (

    select
        first_options.channel,
        first_options.sub_channel,
        first_options.reason_vocabulary,
        coalesce(choices.raw_reason, first_options.reason_key) as first_option,
        first_options.first_by,
        choices.reason,
        first_options.options_seen,
        first_options.choices,
        coalesce(choices.choices, 0) as first_option_choices
    from first_options
    -- Nobody may have chosen the option that its publisher shows first.
    left join choices
        on
            first_options.sub_channel = choices.sub_channel
            and first_options.reason_vocabulary = choices.reason_vocabulary
            and first_options.reason_key = choices.reason_key

)

select * from final
