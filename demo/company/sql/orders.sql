-- Every order of one sub-channel placed on the days [first_day, end_day), UTC.
-- Each is computed from its number: nothing is looked up but the tables of `setup`.
create temp table chunk_orders as
with

places as (
    select
        calendar.day,
        calendar.orders as orders_of_day,
        calendar.first_number,
        unnest(range(calendar.orders)) as place
    from calendar
    where
        calendar.sub_channel_no = $sub_channel_no
        and calendar.day >= $first_day
        and calendar.day < $end_day
),

hashed as (
    select
        *,
        first_number + place as number,
        md5_number(concat($order_stream, first_number + place)) as h,
        case
            when $knows_customers
                then md5_number(concat($customer_stream, first_number + place))
        end as customer_h
    from places
),

-- Orders of a day keep the order of their numbers: the day is cut into as many parts as orders.
placed as (
    select
        *,
        (place * 65536 + draw(h, 0)) // orders_of_day as day_share
    from hashed
),

-- A calm night to 08:00, the day to 20:00, the evening. Seconds of the day from its 65,536 parts.
timed as (
    select
        *,
        cast(day as timestamp) + to_seconds(
            case
                when day_share < 7864 then day_share * 28800 // 7864
                when day_share < 53740 then 28800 + (day_share - 7864) * 43200 // 45876
                else 72000 + (day_share - 53740) * 14400 // 11796
            end
        ) as ordered_at
    from placed
),

drawn as (
    select
        timed.number,
        timed.ordered_at,
        case
            when draw(timed.h, 1) < 43254 then 1
            when draw(timed.h, 1) < 57672 then 2
            when draw(timed.h, 1) < 62915 then 3
            else 4
        end as lines_count,
        case
            when draw(timed.h, 2) < sub_channels.cancelled_limit then 'cancelled'
            when
                draw(timed.h, 2) < sub_channels.cancelled_limit + sub_channels.undelivered_limit
                then 'undelivered'
            else 'fulfilled'
        end as fate,
        draw(timed.h, 3) < sub_channels.platform_limit as is_platform_fulfilled,
        destinations.currency,
        destinations.country,
        -- From 3 to 39 hours to the parcel's leaving, then one to five days.
        10800 + draw(timed.h, 5) * 129600 // 65536 as ship_seconds,
        72000 + draw(timed.h, 6) * draw(timed.h, 6) // 65536 * 345600 // 65536 as deliver_seconds,
        draw(timed.h, 7) as extra_draw,
        draw(timed.h, 5) % 4 as first_class,
        -- A third of the orders come from an eighth of the customers.
        case
            when
                timed.customer_h is null
                or draw(timed.customer_h, 0) < sub_channels.guest_limit
                then null
            when
                draw(timed.customer_h, 1) < 22938
                then
                    (draw(timed.customer_h, 2) * 65536 + draw(timed.customer_h, 3))
                    * greatest(sub_channels.customers // 8, 1) // 4294967296
            else
                (draw(timed.customer_h, 2) * 65536 + draw(timed.customer_h, 3))
                * sub_channels.customers // 4294967296
        end as customer_no,
        false as is_story
    from timed
    cross join sub_channels
    inner join destinations
        on
            sub_channels.sub_channel_no = destinations.sub_channel_no
            and draw(timed.h, 4) // 256 = destinations.slot
    where sub_channels.sub_channel_no = $sub_channel_no
),

together as (
    select * from drawn
    union all
    select
        number,
        ordered_at,
        lines_count,
        'fulfilled' as fate,
        false as is_platform_fulfilled,
        currency,
        country,
        ship_seconds,
        deliver_seconds,
        0 as extra_draw,
        0 as first_class,
        customer_no,
        true as is_story
    from story_orders
    where
        sub_channel_no = $sub_channel_no
        and ordered_at >= cast($first_day as timestamp)
        and ordered_at < cast($end_day as timestamp)
),

dated as (
    select
        together.*,
        together.ordered_at + to_seconds(together.ship_seconds) as would_ship_at,
        together.ordered_at
        + to_seconds(together.ship_seconds + together.deliver_seconds) as would_arrive_at,
        (together.number * 1973456789 + 271828182) % 10000000000 as digits
    from together
)

select
    dated.number,
    dated.digits,
    case sub_channels.order_id_style
        when 'amazon'
            then concat(
                402 + sub_channels.sub_channel_no,
                '-',
                lpad(cast(dated.digits // 1000 as varchar), 7, '0'),
                '-',
                lpad(cast(dated.digits % 1000 as varchar), 3, '0'),
                lpad(cast(dated.digits * 7919 % 10000 as varchar), 4, '0')
            )
        when 'noon' then concat('NAEI', lpad(cast(dated.digits as varchar), 10, '0'))
        when 'onbuy' then concat('OB', to_base(dated.digits, 36, 7))
        when 'walmart' then concat('20001', lpad(cast(dated.digits as varchar), 10, '0'))
        when 'shopify' then concat('571', lpad(cast(dated.digits as varchar), 10, '0'))
        else concat('DE', lpad(cast(dated.digits as varchar), 10, '0'))
    end as order_id,
    dated.ordered_at,
    dated.lines_count,
    dated.is_platform_fulfilled,
    dated.currency,
    dated.country,
    dated.customer_no,
    dated.extra_draw,
    dated.first_class,
    dated.is_story,
    -- A parcel that nobody took is still one that left.
    case
        when dated.fate = 'cancelled' then 'cancelled'
        when dated.would_ship_at > $as_of then 'pending'
        when dated.fate = 'undelivered' then 'undelivered'
        when dated.would_arrive_at > $as_of then 'shipped'
        else 'delivered'
    end as order_state,
    case
        when dated.fate = 'cancelled'
            then dated.ordered_at + to_seconds(dated.ship_seconds // 3)
    end as cancelled_at,
    case
        when dated.fate != 'cancelled' and dated.would_ship_at <= $as_of then dated.would_ship_at
    end as shipped_at,
    case
        when dated.fate = 'fulfilled' and dated.would_arrive_at <= $as_of
            then dated.would_arrive_at
    end as delivered_at,
    dated.would_arrive_at,
    -- Two orders in five pay for delivery.
    case when dated.extra_draw < 26214 and not dated.is_story then fees.shipping_minor else 0 end
        as shipping_minor
from dated
cross join sub_channels
inner join fees
    on
        sub_channels.sub_channel_no = fees.sub_channel_no
        and dated.currency = fees.currency
where sub_channels.sub_channel_no = $sub_channel_no
