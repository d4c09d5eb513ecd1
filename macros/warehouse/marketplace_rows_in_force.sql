{#
    The rows of a staged marketplace table with the file they came from and, in `superseded_reason`,
    why a row no longer counts (null = in force). Files are never compared row by row: two equal lines
    of one file are two lines. Between files the newer one wins, as its layout declares:
    `order`: its orders replace those of older files; `window`: if it shares an order with an older
    file of its layout, it replaces that file's rows of the days it covers. `day_columns`: the staged moments,
    one of which the layout calls its window field. Windows hold between reports of one layout: two
    kinds of returns report may well speak of one order.
#}
{% macro marketplace_rows_in_force(relation, table_name, order_column, day_columns) %}
{%- set row_day -%}
    case versions.window_field
        {%- for column in day_columns %}
        when '{{ column | replace("_text", "") }}' then staged.{{ column }}
        {%- endfor %}
    end
{%- endset %}
with

versions as (

    select * from {{ ref('int_marketplace__file_versions') }}
    where table_name = '{{ table_name }}'

),

file_rows as (

    select
        staged.*,
        versions.source_batch,
        versions.version_number,
        versions.is_in_force,
        {{ safe_cast('substr(' ~ row_day ~ ', 1, 10)', 'date') }} as row_day
    from {{ relation }} as staged
    inner join versions
        on
            staged.sub_channel = versions.sub_channel
            and staged.file_sha256 = versions.file_sha256

),

file_orders as (

    select distinct
        sub_channel,
        version_number,
        {{ order_column }} as document_key
    from file_rows
    where is_in_force and {{ order_column }} is not null

),

-- Orders that more than one file in force speaks of.
contested_orders as (

    select
        sub_channel,
        document_key
    from file_orders
    group by sub_channel, document_key
    having count(*) > 1

),

contested_versions as (

    select
        file_orders.sub_channel,
        file_orders.document_key,
        file_orders.version_number,
        versions.layout,
        versions.replaces,
        versions.first_day,
        versions.last_day
    from contested_orders
    inner join file_orders
        on
            contested_orders.sub_channel = file_orders.sub_channel
            and contested_orders.document_key = file_orders.document_key
    inner join versions
        on
            file_orders.sub_channel = versions.sub_channel
            and file_orders.version_number = versions.version_number

),

latest_orders as (

    select
        sub_channel,
        document_key,
        max(version_number) as latest_version_number
    from contested_versions
    where replaces = 'order'
    group by sub_channel, document_key

),

replaced_windows as (

    select distinct
        older.sub_channel,
        older.version_number,
        newer.first_day,
        newer.last_day
    from contested_versions as older
    inner join contested_versions as newer
        on
            older.sub_channel = newer.sub_channel
            and older.document_key = newer.document_key
            and older.layout = newer.layout
            and older.version_number < newer.version_number
    where newer.replaces = 'window'

),

-- Collapsed to one row per file row, so that overlapping windows can not fan out.
rows_in_replaced_windows as (

    select distinct
        file_rows.sub_channel,
        file_rows.file_sha256,
        file_rows.row_number
    from file_rows
    inner join replaced_windows
        on
            file_rows.sub_channel = replaced_windows.sub_channel
            and file_rows.version_number = replaced_windows.version_number
            and file_rows.row_day between replaced_windows.first_day and replaced_windows.last_day

),

final as (

    select
        file_rows.* exclude (is_in_force, row_day),
        case
            when not file_rows.is_in_force then 'superseded_by_corrected_file'
            when
                latest_orders.latest_version_number > file_rows.version_number
                then 'superseded_by_newer_file'
            when rows_in_replaced_windows.row_number is not null then 'superseded_by_newer_file'
        end as superseded_reason
    from file_rows
    left join latest_orders
        on
            file_rows.sub_channel = latest_orders.sub_channel
            and file_rows.{{ order_column }} = latest_orders.document_key
    left join rows_in_replaced_windows
        on
            file_rows.sub_channel = rows_in_replaced_windows.sub_channel
            and file_rows.file_sha256 = rows_in_replaced_windows.file_sha256
            and file_rows.row_number = rows_in_replaced_windows.row_number

)

select * from final
{% endmacro %}
