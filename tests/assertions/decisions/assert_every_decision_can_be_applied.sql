-- Every event of the log counts: none is damaged, repeated, or of an order or reason that
-- nobody knows. A warning: one file must not keep the other figures from people.
{{ config(severity='warn') }}

select
    file_name,
    problem
from {{ ref('rejected_decisions') }}
