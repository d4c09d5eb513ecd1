{#
    A raw refund reason as a lookup key: words of lower case letters and digits, one blank between
    them; null when nothing is left. Codes, labels and typed text that say the same come out the same:
    `CR-QUALITY_UNACCEPTABLE` and "Quality unacceptable"; `StandardRefund` and "standard refund".
    The `CR-` prefix is dropped, since one account writes it and the next does not; `AMZ-PG-` stays,
    since its codes are a family of their own. Letters of every script survive.
    normalise(normalise(x)) = normalise(x); the cases stand in tests/warehouse/reason_keys.csv.
#}
{% macro normalise_reason(text) -%}
    {%- set steps = namespace(sql="cast(" ~ text ~ " as varchar)") -%}

    {#- Web forms escape apostrophes; a file read as cp1252 turns them into three letters. -#}
    {%- set steps.sql = reason_replace_all(steps.sql, "&(#39|#x27|apos|rsquo);|â€™", "'") -%}
    {%- set steps.sql = reason_replace_all(steps.sql, "&(#?[A-Za-z0-9]+);", " ") -%}

    {#- Soft hyphens, joiners and direction marks are invisible; without them NFC can compose. -#}
    {%- set steps.sql = reason_replace_all(steps.sql, "\\p{Cf}", "") -%}
    {%- set steps.sql = "nfc_normalize(" ~ steps.sql ~ ")" -%}

    {#- ItemNotReceived -> Item Not Received; FBAReturn -> FBA Return, but not TVs -> T Vs. -#}
    {%- set steps.sql = reason_replace_all(steps.sql, "([a-z])([A-Z])", "\\1 \\2") -%}
    {%- set steps.sql = reason_replace_all(steps.sql, "([A-Z])([A-Z][a-z]{2})", "\\1 \\2") -%}

    {%- set steps.sql = "lower(" ~ steps.sql ~ ")" -%}
    {%- set steps.sql = fold_reason_letters(steps.sql) -%}

    {#- Accents that no single letter holds; Arabic tatweel, vowel signs and Quranic marks. -#}
    {%- set steps.sql = reason_replace_all(
        steps.sql,
        "[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]",
        "",
    ) -%}

    {%- set steps.sql = reason_replace_all(
        steps.sql, "^[^\\p{L}\\p{N}]*(cr[-_\u2010-\u2015])+", ""
    ) -%}

    {%- set steps.sql = reason_replace_all(steps.sql, "[\u2018\u2019\u02bc\u00b4\uff07`]", "'") -%}
    {#- doesn't -> doesnt, but l'article -> l article; other systems leave "doesn t" of it. -#}
    {%- set steps.sql = reason_replace_all(
        steps.sql, "(\\p{L})'(t|s|re|ve|ll|d|m)([^\\p{L}\\p{M}\\p{N}]|$)", "\\1\\2\\3"
    ) -%}
    {%- set steps.sql = reason_replace_all(steps.sql, "[^\\p{L}\\p{M}\\p{N}]+", " ") -%}
    {%- set steps.sql = reason_replace_all(
        steps.sql,
        "\\b(do|does|did|is|was|are|were|has|have|had|would|could|should|wo|ca|need)n t\\b",
        "\\1nt",
    ) -%}
    {{- "nullif(trim(nfc_normalize(" ~ steps.sql ~ ")), '')" -}}
{%- endmacro %}
