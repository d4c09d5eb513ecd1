{#
    The key of a customer within a sub-channel: the source's own id, else a hash of the e-mail address,
    else of the phone number, else null: a guest. Guests are never grouped together. An id that is an
    e-mail address is hashed too, so that no key carries personal data.
#}
{% macro user_key(channel, sub_channel, buyer_id, email, phone) -%}
    case
        when nullif({{ buyer_id }}, '') is not null and contains({{ buyer_id }}, '@')
            then concat_ws(
                ':', {{ channel }}, {{ sub_channel }}, 'email',
                substr({{ hash_identifier(buyer_id) }}, 1, 32)
            )
        when nullif({{ buyer_id }}, '') is not null
            then concat_ws(':', {{ channel }}, {{ sub_channel }}, {{ buyer_id }})
        when nullif({{ email }}, '') is not null
            then concat_ws(
                ':', {{ channel }}, {{ sub_channel }}, 'email',
                substr({{ hash_identifier(email) }}, 1, 32)
            )
        when nullif({{ phone }}, '') is not null
            then concat_ws(
                ':', {{ channel }}, {{ sub_channel }}, 'phone',
                substr({{ hash_identifier(phone) }}, 1, 32)
            )
    end
{%- endmacro %}
