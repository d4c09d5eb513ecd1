-- Every line of the orders in `chunk_orders`. Amounts are in the currency's smallest unit.
create temp table chunk_lines as
with

places as (
    select
        number,
        ordered_at,
        currency,
        order_state,
        lines_count,
        first_class,
        unnest(range(lines_count)) as place
    from chunk_orders
    where not is_story
),

hashed as (
    select
        *,
        md5_number(concat($line_stream, number * 4 + place)) as h
    from places
),

drawn as (
    select
        hashed.number,
        hashed.ordered_at,
        hashed.currency,
        hashed.order_state,
        cast(hashed.place + 1 as integer) as line_no,
        demand.product_no,
        case
            when draw(hashed.h, 1) < 55050 then 1
            when draw(hashed.h, 1) < 61604 then 2
            when draw(hashed.h, 1) < 63898 then 3
            when draw(hashed.h, 1) < 64881 then 4
            else 5
        end as quantity,
        case
            when draw(hashed.h, 2) < 55706 then 0
            when draw(hashed.h, 2) < 60293 then 10
            when draw(hashed.h, 2) < 63570 then 15
            else 20
        end as discount_percent,
        hashed.lines_count > 1 and draw(hashed.h, 3) < $line_cancelled_limit as is_dropped,
        draw(hashed.h, 4) as return_draw,
        draw(hashed.h, 5) as units_draw,
        draw(hashed.h, 6) as kind_draw,
        draw(hashed.h, 7) as reason_draw,
        false as is_story
    from hashed
    inner join demand
        on
            (hashed.first_class + hashed.place) % 4 = demand.product_class
            and draw(hashed.h, 0) // 16 = demand.slot
),

together as (
    select * from drawn
    union all
    select
        chunk_orders.number,
        chunk_orders.ordered_at,
        chunk_orders.currency,
        chunk_orders.order_state,
        story_lines.line_no,
        story_lines.product_no,
        story_lines.quantity,
        0 as discount_percent,
        false as is_dropped,
        65536 as return_draw,
        0 as units_draw,
        0 as kind_draw,
        0 as reason_draw,
        true as is_story
    from chunk_orders
    inner join story_lines on chunk_orders.number = story_lines.number
    where chunk_orders.is_story
)

select
    together.number,
    together.line_no,
    together.product_no,
    together.quantity,
    together.is_story,
    together.units_draw,
    together.kind_draw,
    together.reason_draw,
    case when together.is_dropped then 'cancelled' else together.order_state end as line_state,
    (terms.price_minor * (100 - together.discount_percent) + 50) // 100 as unit_minor,
    (terms.price_minor * (100 - together.discount_percent) + 50) // 100 * together.quantity
        as line_minor,
    not together.is_dropped
    and together.order_state = 'delivered'
    and together.return_draw < terms.return_limit * case
        when
            together.ordered_at >= sub_channels.worse_since
            and together.ordered_at < sub_channels.worse_until
            then sub_channels.worse_factor
        else 1
    end as comes_back
from together
cross join sub_channels
inner join terms
    on
        sub_channels.sub_channel_no = terms.sub_channel_no
        and together.currency = terms.currency
        and together.product_no = terms.product_no
where sub_channels.sub_channel_no = $sub_channel_no
