with

totals as (

    select * from {{ ref('int_marketplace__reconciliation') }}
    union all
    select * from {{ ref('int_shopify__reconciliation') }}
    union all
    select * from {{ ref('int_desertcart__reconciliation') }}

),

judged as (

    select
        *,
        (
            rows_in_source = rows_raw + rows_rejected
            and rows_raw = rows_staging
            and rows_staging = rows_core + rows_excluded
            and units_raw = units_staging
            and units_staging = units_core + units_excluded
            and amount_raw = amount_staging
            and amount_staging = amount_core + amount_excluded
        ) as is_reconciled
    from totals

)

select * from judged
