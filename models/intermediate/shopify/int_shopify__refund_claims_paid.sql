{{ config(materialized='table') }}

{#
    What each part of a refund gave back in fact. Parts that claim more than was paid share what was
    paid by their claims, exchanged goods last. Differences of rounded running sums lose no penny.
#}
with

claims as (

    select * from {{ ref('int_shopify__refund_claims') }}

),

refunds as (

    select * from {{ ref('int_shopify__refund_values') }}

),

running as (

    select
        claims.*,
        refunds.refund_amount as paid_amount,
        sum(claims.claimed_amount) over refund_class as class_total,
        sum(claims.claimed_amount) over refund_class_so_far as class_so_far,
        sum(claims.claimed_amount) filter (where claims.refund_kind != 'exchange') over refund
            as money_total
    from claims
    inner join refunds
        on
            claims.sub_channel = refunds.sub_channel
            and claims.order_id = refunds.order_id
            and claims.refund_id = refunds.refund_id
    window
        refund as (
            partition by claims.sub_channel, claims.order_id, claims.refund_id
        ),
        refund_class as (
            partition by
                claims.sub_channel, claims.order_id, claims.refund_id,
                claims.refund_kind = 'exchange'
        ),
        refund_class_so_far as (
            partition by
                claims.sub_channel, claims.order_id, claims.refund_id,
                claims.refund_kind = 'exchange'
            order by claims.component asc, claims.refund_line_id asc
            rows between unbounded preceding and current row
        )

),

shared as (

    select
        *,
        least(
            class_total,
            case
                when refund_kind = 'exchange'
                    then greatest(paid_amount - coalesce(money_total, 0), 0)
                else paid_amount
            end
        ) / nullif(class_total, 0) as paid_share
    from running

),

paid_claims as (

    select
        sub_channel,
        order_id,
        refund_id,
        refund_line_id,
        component,
        refund_kind,
        excluded_reason,
        claimed_amount,
        cast(
            coalesce(
                round(class_so_far * paid_share, 4)
                - round((class_so_far - claimed_amount) * paid_share, 4),
                0
            ) as decimal(18, 4)
        ) as refund_amount
    from shared

)

select * from paid_claims
