{#
    How many times larger than binomial the variance of a rate is, because units come back by whole
    orders: linearised variance of a ratio of sums over clusters (Kish 1965) over the binomial one.
    From sums over the clusters: `hits`, `trials`, `squared_hits`, `products` (hits times trials) and
    `squared_trials`. Never below 1, which would be luck. Null when nothing varies.
#}
{% macro design_effect(hits, trials, squared_hits, products, squared_trials) -%}
    {%- set share = "(cast(" ~ hits ~ " as double) / nullif(" ~ trials ~ ", 0))" -%}
    greatest(
        1.0,
        (
            {{ squared_hits }} - 2 * {{ share }} * {{ products }}
            + {{ share }} * {{ share }} * {{ squared_trials }}
        ) / nullif({{ trials }} * {{ share }} * (1 - {{ share }}), 0)
    )
{%- endmacro %}
