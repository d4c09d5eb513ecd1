{{ config(materialized='table') }}

{#
    Accounts that share an identifier are one person, and so are accounts linked by way of others.
    In every round each account takes the first name that anybody it shares with goes by, so `person_link_rounds`
    rounds join accounts up to so many links apart; test
    no_identifier_belongs_to_two_persons fails when that was too few. Rounds and no recursion:
    unit tests and Spark know none.
#}
{% set rounds = var('person_link_rounds') | int -%}
with

identifiers as (

    select * from {{ ref('int_persons__identifiers') }}

),

-- What very many accounts share is a shop's own address or a family of resellers, not a person.
round_0 as (

    select
        user_key,
        identifier_kind,
        identifier_hash,
        accounts_with_identifier,
        user_key as first_account
    from identifiers
    where accounts_with_identifier between 2 and {{ var('max_accounts_per_identifier') }}

),

{% for number in range(1, rounds + 1) -%}
shared_{{ number }} as (

    select
        * exclude (first_account),
        min(first_account) over (partition by identifier_kind, identifier_hash) as first_account
    from round_{{ number - 1 }}

),

round_{{ number }} as (

    select
        * exclude (first_account),
        min(first_account) over (partition by user_key) as first_account
    from shared_{{ number }}

),

{% endfor -%}
final as (

    select
        user_key,
        {{ person_key('first_account') }} as person_key,
        identifier_kind,
        identifier_hash,
        accounts_with_identifier
    from round_{{ rounds }}

)

select * from final
