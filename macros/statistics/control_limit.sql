{#
    Limit of a p' chart (Laney 2002): `width` times sigma_z standard errors from the centre, held
    within 0 and 1. `sigma_z` above 1 says that the shares vary more than chance alone would have it.
#}
{% macro control_limit(centre, trials, sigma_z, width, side) -%}
    {%- if side not in ["lower", "upper"] -%}
        {{ exceptions.raise_compiler_error("control_limit: side is 'lower' or 'upper', not " ~ side) }}
    {%- endif -%}
    least(1.0, greatest(0.0,
        {{ centre }} {{ '-' if side == 'lower' else '+' }} {{ width }} * {{ sigma_z }}
        * sqrt({{ centre }} * (1 - {{ centre }}) / nullif({{ trials }}, 0))
    ))
{%- endmacro %}
