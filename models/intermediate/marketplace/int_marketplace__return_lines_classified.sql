{{ config(materialized='table') }}

with

ruled_lines as (

    select * from {{ ref('int_marketplace__return_lines_ruled') }}

),

return_states as (

    select * from {{ ref('return_states') }}

),

read_lines as (

    select
        ruled_lines.*,
        coalesce(
            state_own.return_status,
            state_any.return_status,
            -- A report without a status lists what is done.
            case
                when ruled_lines.return_status_key is null then 'completed'
                else 'unknown'
            end
        ) as return_state,
        {{ utc_moment('ruled_lines.requested_at_text', 'ruled_lines.time_zone') }} as requested_at,
        {{ utc_moment('ruled_lines.received_at_text', 'ruled_lines.time_zone') }} as received_at,
        {{ utc_moment('ruled_lines.refunded_at_text', 'ruled_lines.time_zone') }} as refunded_at,
        coalesce(ruled_lines.quantity, ruled_lines.refunded_quantity) as units_returned,
        coalesce(ruled_lines.refunded_quantity, ruled_lines.quantity) as units_refunded,
        coalesce(
            ruled_lines.refund_amount,
            cast(
                ruled_lines.unit_refund_amount
                * coalesce(ruled_lines.refunded_quantity, ruled_lines.quantity)
                as decimal(18, 4)
            )
        ) as item_refund_amount
    from ruled_lines
    left join return_states as state_own
        on
            ruled_lines.sub_channel = state_own.sub_channel
            and ruled_lines.return_status_key = state_own.status_key
    left join return_states as state_any
        on
            state_any.sub_channel = 'any'
            and ruled_lines.return_status_key = state_any.status_key

),

dated as (

    select
        *,
        coalesce(refunded_at, received_at, requested_at) as dated_at,
        case
            when refunded_at is not null then 'refunded'
            when received_at is not null then 'received'
            when requested_at is not null then 'requested'
        end as dated_by,
        -- Declined and withdrawn returns give nothing back, and what comes after `as_of` has not
        -- happened yet.
        (
            return_state not in ('declined', 'cancelled')
            and coalesce(refunded_at, received_at, requested_at) <= {{ as_of() }}
        ) as can_be_refunded
    from read_lines

),

final as (

    select
        *,
        -- A refund is reported (an amount, a refunded quantity or moment), or decided (a resolution
        -- that gives money or goods), or proven by the report itself.
        (
            can_be_refunded
            and (
                coalesce(item_refund_amount, 0) > 0
                or coalesce(refunded_quantity, 0) > 0
                or refunded_at is not null
                or coalesce(implies_refund, false)
                or (is_refund_evidence and return_state != 'requested')
            )
        ) as has_refund,
        can_be_refunded and coalesce(shipping_refund_amount, 0) != 0 as has_shipping_refund,
        coalesce(ruled_refund_kind, 'return') as refund_kind,
        case
            when superseded_reason is not null then superseded_reason
            when coalesce(requested_at, received_at, refunded_at) > {{ as_of() }} then 'after_as_of'
            when line_class = 'gift_card' then 'gift_card_line'
            when line_class != 'product' then 'non_product_line'
        end as excluded_reason
    from dated

)

select * from final
