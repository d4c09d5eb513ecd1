{{ config(materialized='table') }}

with

worded as (

    select * from {{ ref('int_reasons__worded') }}

),

reason_rules as (

    select * from {{ ref('reason_rules') }}

),

-- Several ways to write a reason have one plain text; each text is read once.
distinct_texts as (

    select distinct plain_text
    from worded

),

texts as (

    select
        plain_text,
        row_number() over (order by plain_text) as text_number
    from distinct_texts

),

-- A pattern that comes out of a table is compiled anew for each row, 10 to 100 microseconds. On one
-- sheet with all texts, each under its number, it is compiled once: 5,000 texts and 131 rules take
-- a second instead of half a minute.
sheet as (

    select
        string_agg(
            '#' || text_number || chr(10) || plain_text || chr(10), '' order by text_number
        ) as all_texts
    from texts

),

patterns as (

    select
        rule_id,
        'fits' as pattern_kind,
        pattern
    from reason_rules
    union all
    select
        rule_id,
        'unless' as pattern_kind,
        unless_pattern as pattern
    from reason_rules
    where unless_pattern is not null

),

-- "..." is up to three words; "anything but" must not run into the next text.
line_patterns as (

    select
        rule_id,
        pattern_kind,
        '(?m)^#([0-9]+)\n(?:.* )?(?:'
        || replace(replace(pattern, ' ... ', ' (?:[^ ]+ ){0,3}'), '[^', '[^\n')
        || ')(?: .*)?$' as line_pattern
    from patterns

),

hits as (

    select
        line_patterns.rule_id,
        line_patterns.pattern_kind,
        unnest(regexp_extract_all(sheet.all_texts, line_patterns.line_pattern, 1)) as text_number
    from line_patterns
    cross join sheet

),

fitting as (

    select
        rule_id,
        cast(text_number as bigint) as text_number
    from hits
    group by rule_id, text_number
    having bool_and(pattern_kind = 'fits')

),

matched as (

    select
        fitting.text_number,
        reason_rules.rule_id,
        reason_rules.priority,
        reason_rules.reason,
        reason_rules.reason_category,
        reason_rules.is_contested,
        floor(reason_rules.priority / 100.0) as priority_band,
        min(floor(reason_rules.priority / 100.0)) over (
            partition by fitting.text_number
        ) as best_band
    from fitting
    inner join reason_rules
        on fitting.rule_id = reason_rules.rule_id

),

decided as (

    select
        text_number,
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
    group by text_number

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
    inner join texts
        on worded.plain_text = texts.plain_text
    left join decided
        on texts.text_number = decided.text_number

)

select * from final
