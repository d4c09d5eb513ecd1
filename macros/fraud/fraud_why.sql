{# One sentence for the reviewer: the counts, what was to be expected, and how much that says. #}
{% macro fraud_why() -%}
    concat(
        cast(persons.orders_with_return as string), ' of ', cast(persons.orders as string),
        ' orders came back (', cast(round(100 * person_return_rate, 1) as string), ' %) in ',
        cast(persons.returns_count as string),
        case when persons.returns_count = 1 then ' return' else ' returns' end,
        case when persons.accounts_count > 1 then concat(
            ' from ', cast(persons.accounts_count as string), ' accounts of one person'
        ) else '' end,
        case when persons.wardrobed_orders > 0 then concat(
            ', ', cast(persons.wardrobed_orders as string),
            ' of them whole within {{ var("wardrobing_window_days") }} days of delivery'
        ) else '' end,
        '; ', cast(persons.orders_held as string), ' count against the customer and ',
        cast(round(persons.expected_orders_held, 1) as string),
        ' were to be expected of what was bought: ',
        case
            when persons.orders_held <= persons.expected_orders_held
                then 'no more than of others who bought the same'
            when persons.is_abnormal then concat(
                'more than customers differ by themselves (q ',
                case
                    when persons.q_value < 0.0001 then 'below 0.0001'
                    else cast(round(persons.q_value, 4) as string)
                end, ')'
            )
            else 'more, but customers differ that much by themselves'
        end
    )
{%- endmacro %}
