-- Rows, units and money of every file are the same at raw, staging and core, exclusions counted.
select *
from {{ ref('reconciliation') }}
where is_reconciled is not true
