-- Refunds with the money that their transactions name, for the control totals: from the sources.
with

transactions as (

    select
        store,
        order_id,
        refund_id,
        _run_id as run_id,
        count(*) = count(amount_shop_amount) as is_in_shop_currency,
        sum({{ safe_cast('amount_shop_amount', 'decimal(18, 4)') }}) as amount
    from {{ source('shopify', 'transactions') }}
    where upper(kind) = 'REFUND' and refund_id is not null
    group by store, order_id, refund_id, _run_id

),

final as (

    select distinct
        'refunds' as record_type,
        refunds.store,
        refunds.order_id,
        refunds._run_id as run_id,
        refunds.refund_id as record_id,
        0 as units,
        coalesce(
            case when transactions.is_in_shop_currency then transactions.amount end,
            {{ safe_cast('refunds.total_refunded_shop_amount', 'decimal(18, 4)') }}
        ) as amount
    from {{ source('shopify', 'refunds') }} as refunds
    left join transactions
        on
            refunds.store = transactions.store
            and refunds.order_id = transactions.order_id
            and refunds.refund_id = transactions.refund_id
            and refunds._run_id = transactions.run_id

)

select * from final
