with

return_lines as (

    select * from {{ ref('int_marketplace__return_lines_versioned') }}

),

sub_channels as (

    select * from {{ ref('sub_channels') }}

),

line_classes as (

    select * from {{ ref('int_marketplace__line_classes') }}

),

kind_rules as (

    select * from {{ ref('refund_kind_rules') }}

),

keyed as (

    select
        return_lines.*,
        sub_channels.channel,
        sub_channels.time_zone,
        coalesce(line_classes.line_class, 'product') as line_class,
        coalesce(return_lines.currency, sub_channels.default_currency) as refund_currency,
        {{ status_key('return_lines.return_status') }} as return_status_key,
        {{ status_key('return_lines.return_type') }} as return_type_key,
        {{ status_key('return_lines.resolution') }} as resolution_key,
        {{ status_key('return_lines.keeps_item') }} as keeps_item_key,
        {{ status_key('return_lines.reason') }} as reason_status_key
    from return_lines
    inner join sub_channels
        on return_lines.sub_channel = sub_channels.sub_channel
    left join line_classes
        on
            return_lines.sub_channel = line_classes.sub_channel
            and return_lines.sku = line_classes.sku

),

-- The first rule that fits decides; row by row there is at most one left.
ruled as (

    select
        keyed.sub_channel,
        keyed.file_sha256,
        keyed.row_number,
        arg_min(kind_rules.refund_kind, kind_rules.priority) as refund_kind,
        bool_or(kind_rules.is_refund_evidence) as is_refund_evidence
    from keyed
    inner join kind_rules
        on
            kind_rules.layout in (keyed.layout, 'any')
            and kind_rules.value_key = case kind_rules.field
                when 'return_type' then keyed.return_type_key
                when 'resolution' then keyed.resolution_key
                when 'keeps_item' then keyed.keeps_item_key
                when 'reason' then keyed.reason_status_key
            end
    group by keyed.sub_channel, keyed.file_sha256, keyed.row_number

),

final as (

    select
        keyed.*,
        ruled.refund_kind as ruled_refund_kind,
        coalesce(ruled.is_refund_evidence, false) as is_refund_evidence
    from keyed
    left join ruled
        on
            keyed.sub_channel = ruled.sub_channel
            and keyed.file_sha256 = ruled.file_sha256
            and keyed.row_number = ruled.row_number

)

select * from final
