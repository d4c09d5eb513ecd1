{{ config(materialized='table') }}

{#
    What the peers of each product do: lines of the same sub-channel, category and age band without
    its own, leaning on the whole sub-channel, that on all channels, and that on lines of any age, with
    the weight of `peer_weight_lines` lines. So a category of one product still has peers, no product
    is measured against itself, and a new one against lines as young as its own.
    In the rate of units each line counts once: one huge order must not set what all are expected of.
#}
{% set totals = ['lines_sold', 'lines_refunded', 'lines_held', 'shares_refunded'] -%}
with

cells as (

    select * from {{ ref('int_scores__cell_totals') }}

),

strata as (

    select
        sub_channel,
        category,
        age_band,
    {%- for total in totals %}
        sum({{ total }}) as {{ total }}_of_stratum,
        sum(sum({{ total }})) over (partition by sub_channel, age_band)
            as {{ total }}_of_channel,
        sum(sum({{ total }})) over (partition by age_band) as {{ total }}_of_band,
        sum(sum({{ total }})) over () as {{ total }}_of_all
        {{- "," if not loop.last }}
    {%- endfor %}
    from cells
    group by sub_channel, category, age_band

),

others as (

    select
        cells.*,
    {%- for total in totals %}
    {%- for scope in ['stratum', 'channel', 'band', 'all'] %}
        strata.{{ total }}_of_{{ scope }} - cells.{{ total }} as {{ total }}_of_{{ scope }}
        {{- "," if not loop.last }}
    {%- endfor %}
        {{- "," if not loop.last }}
    {%- endfor %}
    from cells
    inner join strata
        on
            cells.sub_channel = strata.sub_channel
            and cells.category = strata.category
            and cells.age_band = strata.age_band

),

final as (

    select
        ---------- keys
        product_key,

        ---------- attributes
        category,
        channel,
        sub_channel,
        age_band,

        ---------- amounts
        orders,
        units_ordered,
        units_cancelled,
        units_sold,
        units_refunded,
        units_held,
        lines_sold,
        lines_refunded,
        lines_held,
        shares_refunded,
        sales_usd,
        refund_usd,

        ---------- rates of the peers
        {{ peer_rate('lines_refunded', 'lines_sold') }} as peer_line_rate,
        {{ peer_rate('shares_refunded', 'lines_sold') }} as peer_unit_rate,
        {{ peer_rate('lines_held', 'lines_sold') }} as peer_held_rate
    from others

)

select * from final
