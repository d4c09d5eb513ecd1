{#
    Probability that a standard normal value lies above `z`: Hart's rational approximation in double
    precision (1968, algorithm 5666), within 1e-14 of the exact value; a continued fraction beyond
    7.07 standard errors.
#}
{% macro normal_tail(z) -%}
    {%- set size = "abs(" ~ z ~ ")" -%}
    {%- set above = [
        0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
        221.213596169931, 220.206867912376
    ] -%}
    {%- set below = [
        0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
        637.333633378831, 793.826512519948, 440.413735824752
    ] -%}
    {%- set side -%}
        exp(-{{ size }} * {{ size }} / 2) * case
            when {{ size }} < 7.07106781186547
                then (
                    {{ "(" * (above | length - 1) }}{{ above[0] }}
                    {%- for term in above[1:] %} * {{ size }} + {{ term }}){% endfor %}
                ) / (
                    {{ "(" * (below | length - 1) }}{{ below[0] }}
                    {%- for term in below[1:] %} * {{ size }} + {{ term }}){% endfor %}
                )
            else 1 / (2.506628274631 * ({{ size }} + 1 / ({{ size }} + 2 / ({{ size }} + 3 / (
                {{ size }} + 4 / ({{ size }} + 0.65)
            )))))
        end
    {%- endset -%}
    case when {{ z }} >= 0 then {{ side }} else 1 - {{ side }} end
{%- endmacro %}
