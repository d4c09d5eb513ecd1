{{ config(materialized='table') }}

with

return_lines as (

    select * from {{ ref('int_marketplace__return_lines_versioned') }}

),

sub_channels as (

    select * from {{ ref('sub_channels') }}

),

return_states as (

    select * from {{ ref('return_states') }}

),

kind_rules as (

    select * from {{ ref('refund_kind_rules') }}

),

keyed as (

    select
        return_lines.*,
        sub_channels.channel,
        sub_channels.time_zone,
        coalesce(return_lines.currency, sub_channels.default_currency) as refund_currency,
        {{ status_key('return_lines.return_status') }} as return_status_key,
        {{ status_key('return_lines.return_type') }} as return_type_key,
        {{ status_key('return_lines.resolution') }} as resolution_key,
        {{ status_key('return_lines.keeps_item') }} as keeps_item_key,
        {{ status_key('return_lines.reason') }} as reason_status_key
    from return_lines
    inner join sub_channels
        on return_lines.sub_channel = sub_channels.sub_channel

),

-- The first rule that fits decides; row by row there is at most one left.
ruled as (

    select
        keyed.sub_channel,
        keyed.file_sha256,
        keyed.row_number,
        arg_min(kind_rules.refund_kind, kind_rules.priority) as refund_kind,
        bool_or(kind_rules.is_refund_evidence) as is_refund_evidence
    from keyed
    inner join kind_rules
        on
            kind_rules.layout in (keyed.layout, 'any')
            and kind_rules.value_key = case kind_rules.field
                when 'return_type' then keyed.return_type_key
                when 'resolution' then keyed.resolution_key
                when 'keeps_item' then keyed.keeps_item_key
                when 'reason' then keyed.reason_status_key
            end
    group by keyed.sub_channel, keyed.file_sha256, keyed.row_number

),

read_lines as (

    select
        keyed.*,
        ruled.refund_kind as ruled_refund_kind,
        coalesce(ruled.is_refund_evidence, false) as is_refund_evidence,
        coalesce(
            state_own.return_status,
            state_any.return_status,
            case when keyed.return_status_key is null then 'completed' else 'unknown' end
        ) as return_state,
        {{ utc_moment('keyed.requested_at_text', 'keyed.time_zone') }} as requested_at,
        {{ utc_moment('keyed.received_at_text', 'keyed.time_zone') }} as received_at,
        {{ utc_moment('keyed.refunded_at_text', 'keyed.time_zone') }} as refunded_at,
        coalesce(keyed.quantity, keyed.refunded_quantity) as units_returned,
        coalesce(keyed.refunded_quantity, keyed.quantity) as units_refunded,
        coalesce(
            keyed.refund_amount,
            cast(
                keyed.unit_refund_amount * coalesce(keyed.refunded_quantity, keyed.quantity)
                as decimal(18, 4)
            )
        ) as item_refund_amount
    from keyed
    left join ruled
        on
            keyed.sub_channel = ruled.sub_channel
            and keyed.file_sha256 = ruled.file_sha256
            and keyed.row_number = ruled.row_number
    left join return_states as state_own
        on
            keyed.sub_channel = state_own.sub_channel
            and keyed.return_status_key = state_own.status_key
    left join return_states as state_any
        on
            state_any.sub_channel = 'any'
            and keyed.return_status_key = state_any.status_key

),

final as (

    select
        *,
        coalesce(refunded_at, received_at, requested_at) as dated_at,
        case
            when refunded_at is not null then 'refunded'
            when received_at is not null then 'received'
            when requested_at is not null then 'requested'
        end as dated_by,
        -- A refund is reported (an amount), or decided (a resolution that gives money or goods), or
        -- proven by the report itself. A return that was declined or withdrawn gives nothing back.
        (
            return_state not in ('declined', 'cancelled')
            and (
                item_refund_amount is not null
                or coalesce(implies_refund, false)
                or (is_refund_evidence and return_state != 'requested')
            )
        ) as has_refund,
        coalesce(ruled_refund_kind, 'return') as refund_kind,
        case
            when superseded_reason is not null then superseded_reason
            when coalesce(requested_at, received_at, refunded_at) > {{ as_of() }} then 'after_as_of'
        end as excluded_reason
    from read_lines

)

select * from final
