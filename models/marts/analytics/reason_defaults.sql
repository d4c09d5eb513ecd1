with

first_options as (

    select * from {{ ref('int_reason_shares__first_options') }}

),

choices as (

    select * from {{ ref('int_reason_shares__choices') }}

),

reason_totals as (

    select
        sub_channel,
        reason,
        sum(choices) as choices
    from choices
    group by sub_channel, reason

),

chosen as (

    select
        first_options.channel,
        first_options.sub_channel,
        first_options.reason_vocabulary,
        first_options.first_by,
        first_options.options_seen,
        first_options.choices,
        coalesce(choices.raw_reason, first_options.reason_key) as first_option,
        choices.reason,
        coalesce(choices.choices, 0) as first_option_choices
    from first_options
    left join choices
        on
            first_options.sub_channel = choices.sub_channel
            and first_options.reason_vocabulary = choices.reason_vocabulary
            and first_options.reason_key = choices.reason_key

),

-- What the same standard reason weighs where it does not stand first, as a rule: elsewhere.
elsewhere as (

    select
        chosen.sub_channel,
        chosen.reason_vocabulary,
        sum(reason_totals.choices) as choices,
        coalesce(
            sum(reason_totals.choices) filter (where reason_totals.reason = chosen.reason), 0
        ) as same_reason_choices
    from chosen
    inner join reason_totals
        on chosen.sub_channel != reason_totals.sub_channel
    group by chosen.sub_channel, chosen.reason_vocabulary

),

compared as (

    select
        chosen.*,
        {{ rate('chosen.first_option_choices', 'chosen.choices') }} as first_option_share,
        {{ rate('elsewhere.same_reason_choices', 'elsewhere.choices') }} as share_elsewhere,
        {{ two_proportion_z(
            'chosen.first_option_choices', 'chosen.choices',
            'elsewhere.same_reason_choices', 'elsewhere.choices',
        ) }} as z_score
    from chosen
    left join elsewhere
        on
            chosen.sub_channel = elsewhere.sub_channel
            and chosen.reason_vocabulary = elsewhere.reason_vocabulary

),

final as (

    select
        channel,
        sub_channel,
        reason_vocabulary,
        first_option,
        first_by,
        reason,
        cast(options_seen as bigint) as options_seen,
        cast(choices as bigint) as choices,
        cast(first_option_choices as bigint) as first_option_choices,
        first_option_share,
        share_elsewhere,
        z_score,
        -- Rare enough to be no chance, and frequent enough to matter.
        coalesce(
            first_option_choices >= {{ var('min_default_choices') }}
            and z_score >= {{ var('default_choice_z') }}
            and first_option_share >= {{ var('default_choice_ratio') }} * share_elsewhere,
            false
        ) as is_suspicious
    from compared

)

select * from final
