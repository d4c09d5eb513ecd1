with

evidence as (

    select * from {{ ref('int_orders__refund_evidence') }}

),

final as (

    select
        order_key,
        evidence_hash,
        refund_items,
        units_refunded,
        refund_usd,
        last_refunded_at
    from evidence

)

select * from final
