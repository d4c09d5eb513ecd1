-- Accounts that share an identifier are one person, however long the chain between them. Where this
-- fails, raise person_link_rounds.
with

links as (

    select * from {{ ref('person_links') }}

),

split as (

    select
        identifier_kind,
        identifier_hash,
        count(distinct person_key) as persons
    from links
    group by identifier_kind, identifier_hash
    having count(distinct person_key) > 1

)

select * from split
