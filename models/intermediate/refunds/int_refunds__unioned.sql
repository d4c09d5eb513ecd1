{{ config(materialized='table') }}

with

refunds as (

    select * from {{ ref('int_refunds__converted') }}

),

vocabularies as (

    select * from {{ ref('reason_vocabularies') }}
    where position = 1

),

named_lines as (

    select
        order_key,
        line_ref,
        sum(units_sold) as units_sold,
        sum(sales_amount) as sales_amount
    from {{ ref('int_order_lines__named') }}
    group by order_key, line_ref

),

counted as (

    select
        refunds.*,
        coalesce(vocabularies.reason_vocabulary, 'any') as reason_vocabulary,
        -- Some reports give money and no quantity: the units are the whole ones it pays for.
        coalesce(
            refunds.units_refunded,
            least(
                named_lines.units_sold,
                cast(
                    floor(
                        refunds.refund_amount * named_lines.units_sold
                        / nullif(named_lines.sales_amount, 0) + 0.01
                    ) as integer
                )
            ),
            0
        ) as units_counted,
        case
            when refunds.units_refunded is not null then 'reported'
            when named_lines.sales_amount > 0 then 'amount'
            else 'none'
        end as units_basis
    from refunds
    left join vocabularies
        on refunds.layout = vocabularies.layout
    left join named_lines
        on
            refunds.order_key = named_lines.order_key
            and refunds.line_ref = named_lines.line_ref

),

final as (

    select
        ---------- keys
        refund_line_key,
        refund_id,
        order_key,
        line_ref,
        product_key,
        user_key,

        ---------- attributes
        channel,
        sub_channel,
        order_id as reported_order_id,
        -- Money back that pays for no whole unit is goodwill, not goods.
        case
            when component = 'item' and units_counted = 0 and units_basis = 'amount'
                then 'adjustment'
            when component = 'item' and units_counted = 0 and line_ref is null then 'adjustment'
            else refund_kind
        end as refund_kind,
        component,
        {{ mask_contacts('raw_reason') }} as raw_reason,
        {{ mask_contacts('reason_note') }} as reason_note,
        reason_vocabulary,
        refunded_at_basis,
        units_basis,
        record_type,
        source_batch,

        ---------- amounts
        units_counted as units_refunded,
        currency,
        refund_amount,

        ---------- times
        refunded_at

    from counted

)

select * from final
