{{ config(materialized='table') }}

{#- A file of the owner's own, with the columns of seed reason_overrides; it beats the seed. -#}
{%- set overrides_path = var('reason_overrides_path', none) -%}
{%- set overrides_source = "read_csv('" ~ overrides_path ~ "', header = true, all_varchar = true)"
    if overrides_path else ref('reason_overrides') %}

with

reason_map as (

    select * from {{ ref('reason_map') }}

),

reason_overrides as (

    select * from {{ ref('reason_overrides') }}

),

published as (

    select
        'map' as known_from,
        3 as precedence,
        reason_vocabulary,
        {{ normalise_reason('raw_reason') }} as reason_key,
        raw_reason,
        reason,
        reason_category,
        is_contested,
        is_portable
    from reason_map

),

overridden as (

    select
        'override' as known_from,
        2 as precedence,
        reason_vocabulary,
        {{ normalise_reason('raw_reason') }} as reason_key,
        raw_reason,
        reason,
        reason_category,
        false as is_contested,
        false as is_portable
    from reason_overrides

),

overridden_by_file as (

    select
        'override' as known_from,
        1 as precedence,
        reason_vocabulary,
        {{ normalise_reason('raw_reason') }} as reason_key,
        raw_reason,
        reason,
        reason_category,
        false as is_contested,
        false as is_portable
    from {{ overrides_source }}
    where {{ 'true' if overrides_path else 'false' }}

),

unioned as (

    select * from overridden_by_file
    union all
    select * from overridden
    union all
    select * from published

)

select * from unioned
