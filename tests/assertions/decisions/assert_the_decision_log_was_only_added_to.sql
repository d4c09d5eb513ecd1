-- Each event names the hash of the file before it: a file that was edited or taken away breaks the
-- chain. A warning, since the log can't be mended and the warehouse must go on; it would become an
-- error where decisions are kept as evidence for auditors.
{{ config(severity='warn') }}

with

files as (

    select * from {{ ref('stg_decisions__events') }}

),

chained as (

    select
        file_name,
        previous_sha256,
        lag(file_sha256) over (order by file_name asc) as sha256_of_previous
    from files

)

select *
from chained
where previous_sha256 is distinct from sha256_of_previous
