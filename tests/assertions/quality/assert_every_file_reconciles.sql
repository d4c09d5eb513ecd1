-- Rows, units and money of every file are the same at raw, staging and core, exclusions counted.
select
    sub_channel,
    source_batch,
    rows_in_source - rows_rejected - rows_raw as rows_lost_in_landing,
    rows_raw - rows_staging as rows_lost_in_staging,
    rows_staging - rows_excluded - rows_core as rows_lost_in_core,
    units_staging - units_excluded - units_core as units_lost_in_core,
    amount_staging - amount_excluded - amount_core as amount_lost_in_core
from {{ ref('reconciliation') }}
where is_reconciled is not true
