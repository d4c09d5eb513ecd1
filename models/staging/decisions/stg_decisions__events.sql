with

source as (

    select * from {{ source('decisions', 'decision_events') }}

),

renamed as (

    select
        ---------- keys
        regexp_extract(filename, '[^/\\]+$') as file_name,
        {{ json_text('content', 'event_id') }} as event_id,
        {{ json_text('content', 'subject_key') }} as subject_key,
        {{ json_text('content', 'supersedes_event_id') }} as supersedes_event_id,
        {{ json_text('content', 'idempotency_key') }} as idempotency_key,

        ---------- attributes
        {{ json_text('content', 'action') }} as event_action,
        {{ json_text('content', 'reason_code') }} as reason_code,
        {{ safe_cast(json_text('content', 'reason_set_version'), 'integer') }}
            as reason_set_version,
        {{ json_text('content', 'comment') }} as comment_text,
        {{ json_text('content', 'assignee') }} as assignee,
        {{ json_text('content', 'actor') }} as actor,
        {{ json_text('content', 'source') }} as entered_through,
        {{ json_text('content', 'publication_id') }} as publication_id,
        {{ json_text('content', 'evidence_hash') }} as evidence_hash,
        sha256(content) as file_sha256,
        {{ json_text('content', 'previous_sha256') }} as previous_sha256,

        ---------- amounts
        {{ safe_cast(json_text('content', 'refund_usd_at_decision'), 'decimal(18, 4)') }}
            as refund_usd_at_decision,
        {{ safe_cast(json_text('content', 'refunds_at_decision'), 'integer') }}
            as refunds_at_decision,

        ---------- times
        {{ safe_cast(json_text('content', 'recorded_at'), 'timestamp') }} as recorded_at,
        {{ safe_cast(json_text('content', 'effective_at'), 'timestamp') }} as effective_at,
        {{ safe_cast(json_text('content', 'expires_at'), 'timestamp') }} as expires_at

    from source

)

select * from renamed
