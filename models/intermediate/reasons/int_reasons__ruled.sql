{{ config(materialized='table') }}

with

worded as (

    select * from {{ ref('int_reasons__worded') }}

),

reason_rules as (

    select * from {{ ref('reason_rules') }}

),

-- Several ways to write a reason have one plain text; each text is tried once.
texts as (

    select distinct plain_text
    from worded

),

rules as (

    select
        rule_id,
        priority,
        cast(floor(priority / 100.0) as integer) as priority_band,
        '(^| )(?:' || replace(pattern, ' ... ', ' (?:[^ ]+ ){0,3}') || ')( |$)' as match_pattern,
        '(^| )(?:' || replace(unless_pattern, ' ... ', ' (?:[^ ]+ ){0,3}') || ')( |$)'
            as unless_pattern,
        reason,
        reason_category,
        is_contested,
        list_distinct(regexp_extract_all(pattern, '[\p{L}\p{N}_]+')) as pattern_words,
        not regexp_matches(pattern, '[|?*+{\[\\]') as needs_all_words
    from reason_rules

),

rule_words as (

    select
        rule_id,
        unnest(pattern_words) as pattern_word,
        case when needs_all_words then len(pattern_words) else 1 end as words_needed
    from rules

),

-- A pattern of a table is compiled anew for each row, 10 to 60 microseconds; looking for its words
-- first leaves few rows to compile it for (measured: 5,000 texts in seconds, not in two minutes).
candidates as (

    select
        texts.plain_text,
        rule_words.rule_id
    from texts
    inner join rule_words
        on contains(texts.plain_text, rule_words.pattern_word)
    group by texts.plain_text, rule_words.rule_id
    having count(*) >= max(rule_words.words_needed)

),

matched as (

    select
        candidates.plain_text,
        rules.rule_id,
        rules.priority,
        rules.priority_band,
        rules.reason,
        rules.reason_category,
        rules.is_contested,
        min(rules.priority_band) over (partition by candidates.plain_text) as best_band
    from candidates
    inner join rules
        on candidates.rule_id = rules.rule_id
    where
        regexp_matches(candidates.plain_text, rules.match_pattern)
        and coalesce(not regexp_matches(candidates.plain_text, rules.unless_pattern), true)

),

decided as (

    select
        plain_text,
        arg_min(rule_id, priority) as rule_id,
        arg_min(reason, priority) as reason,
        arg_min(reason_category, priority) as reason_category,
        arg_min(is_contested, priority) as is_contested,
        string_agg(rule_id, ' + ' order by priority) as rule_ids,
        -- The customer's own wish in one half of the text, a fault of ours in the other.
        bool_or(reason_category = 'CUSTOMER')
        and bool_or(reason_category in ('OUR_FAULT', 'PRODUCT_ISSUES')) as is_contradictory
    from matched
    where priority_band = best_band
    group by plain_text

),

final as (

    select
        worded.reason_key,
        worded.plain_text,
        case
            when decided.is_contradictory then 'contradiction: ' || decided.rule_ids
            else decided.rule_id
        end as rule_id,
        case when decided.is_contradictory then 'other' else decided.reason end as reason,
        case
            when decided.is_contradictory then 'UNKNOWN'
            else decided.reason_category
        end as reason_category,
        decided.is_contested or decided.is_contradictory as is_contested
    from worded
    left join decided
        on worded.plain_text = decided.plain_text

)

select * from final
