{#
    The parts of the risk score, which add up to 100 at most. Every part is weighed by how sure it is
    that the person returns more than others who bought the same: what anybody does as often scores
    nothing, whichever rule it meets.
      rate        25  how sure the rate lies above twice that of its peers
      excess      20  orders sent back beyond those expected; half of the points at `serial_threshold`
      rules       30  ten for each rule that is met
      wardrobing  15  whole orders sent back within the window; half of the points at the second
      accounts    10  other accounts of the person; half of the points at the second account
    Reads the columns of `table`.
#}
{% macro fraud_points(table) -%}
    {%- set sure = table ~ ".probability_above_peers" -%}
    {%- set excess = "greatest(0, " ~ table ~ ".hits - " ~ table ~ ".expected_hits)" -%}
    round(25 * {{ table }}.probability_above_twice_peers, 2) as points_for_rate,
    round(
        20 * {{ sure }} * {{ excess }} / ({{ excess }} + {{ var("serial_threshold") }}), 2
    ) as points_for_excess,
    round(
        10 * {{ sure }} * (
            cast({{ table }}.is_high_return_rate as integer)
            + cast({{ table }}.is_wardrobing as integer)
            + cast({{ table }}.is_serial_returner as integer)
        ), 2
    ) as points_for_rules,
    round(
        15 * {{ sure }} * {{ table }}.wardrobed_orders
        / ({{ table }}.wardrobed_orders + {{ var("wardrobing_min_orders") }}.0), 2
    ) as points_for_wardrobing,
    round(
        10 * {{ sure }} * ({{ table }}.accounts_count - 1) / {{ table }}.accounts_count, 2
    ) as points_for_accounts
{%- endmacro %}
