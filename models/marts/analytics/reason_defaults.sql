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

-- What the same standard reason weighs where it does not stand first, as a rule: elsewhere.
elsewhere as (

    select
        first_options.sub_channel,
        first_options.reason_vocabulary,
        sum(reason_totals.choices) as choices,
        sum(
            if(reason_totals.reason = first_options.reason, reason_totals.choices, 0)
        ) as same_reason_choices
    from first_options
    inner join reason_totals
        on first_options.sub_channel != reason_totals.sub_channel
    group by first_options.sub_channel, first_options.reason_vocabulary

),

compared as (

    select
        first_options.*,
        {{ rate('first_options.first_option_choices', 'first_options.choices') }}
            as first_option_share,
        {{ rate('elsewhere.same_reason_choices', 'elsewhere.choices') }} as share_elsewhere,
        {{ two_proportion_z(
            'first_options.first_option_choices', 'first_options.choices',
            'elsewhere.same_reason_choices', 'elsewhere.choices',
        ) }} as z_elsewhere,
        cast(1 as double) / nullif(first_options.options_seen, 0) as even_share
    from first_options
    left join elsewhere
        on
            first_options.sub_channel = elsewhere.sub_channel
            and first_options.reason_vocabulary = elsewhere.reason_vocabulary

),

expected as (

    select
        *,
        greatest(share_elsewhere, even_share) as expected_share,
        -- With nothing to compare with, against a list whose options are all as likely.
        coalesce(
            z_elsewhere,
            (first_option_share - even_share)
            / nullif(sqrt(even_share * (1 - even_share) / nullif(choices, 0)), 0)
        ) as z_score
    from compared

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
        expected_share,
        z_score,
        -- Rare enough to be no chance, and frequent enough to matter.
        coalesce(
            first_option_choices >= {{ var('min_default_choices') }}
            and z_score >= {{ var('default_choice_z') }}
            and first_option_share >= {{ var('default_choice_ratio') }} * expected_share,
            false
        ) as is_suspicious
    from expected

)

select * from final
