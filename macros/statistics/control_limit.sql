{#
    Limit of a p' chart (Laney 2002): `width` times sigma_z standard errors from the centre, moved up by
    the skewness of small counts (Cornish-Fisher, as Chen 1998 has it for p charts), held within 0 and
    1. Counts too small to be too low have a lower limit of 0. `sigma_z` above 1 says that the shares
    vary more than chance alone would have it.
#}
{% macro control_limit(centre, trials, sigma_z, width, side) -%}
    {%- if side not in ["lower", "upper"] -%}
        {{ exceptions.raise_compiler_error("control_limit: side is 'lower' or 'upper', not " ~ side) }}
    {%- endif -%}
    {%- set reach -%}
        {{ width }} * {{ sigma_z }} * sqrt({{ centre }} * (1 - {{ centre }}) / nullif({{ trials }}, 0))
    {%- endset -%}
    {%- set skewness -%}
        {{ (width * width - 1) / 6 }} * (1 - 2 * {{ centre }}) * {{ sigma_z }} * {{ sigma_z }}
        / nullif({{ trials }}, 0)
    {%- endset -%}
    {%- if side == "lower" -%}
    case
        when {{ centre }} > {{ reach }} then greatest(0.0, {{ centre }} - {{ reach }} + {{ skewness }})
        else 0.0
    end
    {%- else -%}
    greatest(0.0, least(1.0, {{ centre }} + {{ reach }} + {{ skewness }}))
    {%- endif -%}
{%- endmacro %}
