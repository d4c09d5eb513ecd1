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

final as (

    select
        texts.plain_text,
        fitting.rule_id
    from fitting
    inner join texts
        on fitting.text_number = texts.text_number

)

select * from final
