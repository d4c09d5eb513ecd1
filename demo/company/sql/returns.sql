-- Every return and refund of the lines in `chunk_lines`, asked for until as_of.
-- kind: return (goods came back), refund_only (kept), replacement (no money), declined (neither),
-- undelivered (the parcel never reached the customer).
create temp table chunk_returns as
with

candidates as (
    select
        chunk_lines.number,
        chunk_lines.line_no,
        chunk_lines.product_no,
        chunk_lines.quantity,
        chunk_lines.unit_minor,
        chunk_lines.line_state,
        chunk_lines.units_draw,
        chunk_lines.kind_draw,
        chunk_lines.reason_draw,
        chunk_orders.is_platform_fulfilled,
        chunk_orders.would_arrive_at,
        chunk_orders.shipping_minor,
        chunk_orders.currency,
        md5_number(concat($return_stream, chunk_lines.number * 4 + chunk_lines.line_no - 1)) as h
    from chunk_lines
    inner join chunk_orders on chunk_lines.number = chunk_orders.number
    where
        not chunk_lines.is_story
        and (chunk_lines.comes_back or chunk_lines.line_state = 'undelivered')
),

drawn as (
    select
        candidates.number,
        candidates.line_no,
        1 as return_no,
        case
            when candidates.line_state = 'undelivered' then 'undelivered'
            when candidates.kind_draw < sub_channels.declined_limit then 'declined'
            when candidates.is_platform_fulfilled then 'return'
            when
                candidates.kind_draw
                < sub_channels.declined_limit + sub_channels.replacement_limit
                then 'replacement'
            when
                candidates.kind_draw
                < sub_channels.declined_limit
                + sub_channels.replacement_limit
                + sub_channels.refund_only_limit
                then 'refund_only'
            else 'return'
        end as kind,
        -- Three in five bring back all that they bought.
        case
            when candidates.line_state = 'undelivered' then candidates.quantity
            when candidates.units_draw < 39322 then candidates.quantity
            else 1 + (candidates.units_draw - 39322) * candidates.quantity // 26214
        end as units,
        candidates.would_arrive_at + to_hours(
            case
                when candidates.line_state = 'undelivered' then 24
                else request_lags.hours
            end
        ) + to_seconds(draw(candidates.h, 1) % 3600) as requested_at,
        30 + draw(candidates.h, 2) * 90 // 65536 as receive_hours,
        6 + draw(candidates.h, 3) * 42 // 65536 as refund_hours,
        -- Some get only half of their money back.
        case when draw(candidates.h, 4) < sub_channels.partial_limit then 50 else 100 end
            as refund_percent,
        draw(candidates.h, 5) >= sub_channels.blank_limit as is_amount_stated,
        candidates.shipping_minor > 0 and draw(candidates.h, 6) < 20000 as gives_shipping_back,
        draw(candidates.h, 7) as extra_draw,
        draw(candidates.h, 0) as wording_draw,
        case
            when candidates.line_state = 'undelivered' then 'undelivered'
            when draw(candidates.h, 6) >= 65536 - sub_channels.unmapped_limit then 'unmapped'
            else reason_mixes.reason
        end as reason,
        cast(null as varchar) as wording
    from candidates
    cross join sub_channels
    inner join products on candidates.product_no = products.product_no
    inner join reason_mixes
        on
            products.reasons = reason_mixes.mix
            and candidates.reason_draw // 64 = reason_mixes.slot
    inner join request_lags on draw(candidates.h, 1) // 128 = request_lags.slot
    where sub_channels.sub_channel_no = $sub_channel_no
),

planned as (
    select
        story_returns.number,
        story_returns.line_no,
        story_returns.return_no,
        story_returns.kind,
        story_returns.units,
        chunk_orders.would_arrive_at + to_hours(24 * story_returns.days) as requested_at,
        48 as receive_hours,
        story_returns.refund_hours,
        100 as refund_percent,
        true as is_amount_stated,
        false as gives_shipping_back,
        0 as extra_draw,
        0 as wording_draw,
        story_returns.reason,
        story_returns.wording
    from chunk_orders
    inner join story_returns on chunk_orders.number = story_returns.number
    where chunk_orders.is_story
),

together as (
    select * from drawn
    union all
    select * from planned
),

worded as (
    select
        together.*,
        chunk_orders.is_platform_fulfilled,
        chunk_orders.shipping_minor,
        chunk_lines.unit_minor,
        chunk_lines.quantity,
        chunk_lines.product_no,
        case
            when sub_channels.vocabulary != 'amazon' then sub_channels.vocabulary
            when chunk_orders.is_platform_fulfilled then 'amazon_fba'
            else 'amazon_mfn'
        end as vocabulary_family,
        sub_channels.arabic_limit
    from together
    inner join chunk_orders on together.number = chunk_orders.number
    inner join chunk_lines
        on
            together.number = chunk_lines.number
            and together.line_no = chunk_lines.line_no
    cross join sub_channels
    where
        sub_channels.sub_channel_no = $sub_channel_no
        and together.requested_at <= $as_of
),

spoken as (
    select
        *,
        case
            when vocabulary_family != 'text' then vocabulary_family
            when extra_draw < arabic_limit then 'text_ar'
            else 'text_en'
        end as vocabulary
    from worded
),

moments as (
    select
        *,
        case
            when kind in ('return', 'undelivered', 'replacement')
                then requested_at + to_hours(receive_hours)
        end as would_receive_at,
        requested_at + to_hours(
            case when kind in ('return', 'undelivered') then receive_hours else 0 end
            -- Where the marketplace keeps the stock it pays as soon as the goods are back.
            + case when is_platform_fulfilled then 0 else refund_hours end
        ) as would_refund_at
    from spoken
)

select
    moments.number,
    moments.line_no,
    cast(moments.return_no as integer) as return_no,
    moments.product_no,
    moments.kind,
    cast(moments.units as integer) as units,
    moments.requested_at,
    case when moments.would_receive_at <= $as_of then moments.would_receive_at end as received_at,
    case
        when
            moments.kind in ('return', 'refund_only', 'undelivered')
            and moments.would_refund_at <= $as_of
            then moments.would_refund_at
    end as refunded_at,
    case
        when
            moments.kind in ('return', 'refund_only', 'undelivered')
            and moments.would_refund_at <= $as_of
            then (moments.unit_minor * moments.units * moments.refund_percent + 50) // 100
    end as refund_minor,
    case
        when
            moments.kind in ('return', 'refund_only')
            and moments.would_refund_at <= $as_of
            and moments.gives_shipping_back
            and moments.line_no = 1
            then moments.shipping_minor
        else 0
    end as shipping_refund_minor,
    moments.refund_percent < 100 as is_partial,
    moments.is_amount_stated,
    moments.is_platform_fulfilled,
    moments.reason,
    coalesce(moments.wording, wordings.wording) as raw_reason,
    moments.extra_draw
from moments
inner join wordings
    on
        moments.vocabulary = wordings.vocabulary
        and moments.reason = wordings.reason
        and moments.wording_draw % wordings.variants = wordings.variant
