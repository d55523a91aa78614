-- Marten's tables under the names and columns of the log's own, so that statements that read, claim or remove are the same for both. Each view has
-- one table and plain columns where something is changed, so that PostgreSQL passes updates, deletes and row locks through.

-- What others wrote is kept as text within the event (RawJsonConverter), and comes out as it was.
create or replace function request_event_text(data jsonb, member text) returns text language sql immutable as $$
    select case
        when data ->> member is null then data::text
        when data - member = '{}'::jsonb then '{"' || member || '":' || (data ->> member) || '}'
        else '{"' || member || '":' || (data ->> member) || ',' || substr((data - member)::text, 2)
    end
$$;

create or replace view request_events as
select stream_id as request_id, version::int as version, seq_id as position, type::text as type, "timestamp" as at,
    case type
        when 'request-accepted' then request_event_text(data, 'payload')
        when 'hop-forwarded' then request_event_text(data, 'message')
        when 'input-requested' then request_event_text(data, 'schema')
        when 'input-provided' then request_event_text(data, 'answer')
        when 'request-succeeded' then request_event_text(data, 'result')
        else data::text
    end as data
from mt_events;

create or replace view requests as
select id, owner, kind, status, stream_version as version, created_at, updated_at, deadline, fingerprint, data ->> 'state' as state,
    data ->> 'result' as result, done, expires_at, case when done then updated_at end as ended_at
from mt_doc_request;

create or replace view outbox as
select id, request_id, message_id, type, kind, attempt, hop, event_version as version, data ->> 'body' as body, due_at
from mt_doc_dispatch;

-- As in 0007_whole_log.sql.
create or replace view log_writers as
select l.virtualtransaction, l.pid, a.xact_start
from pg_locks l left join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'relation' and l.mode = 'RowExclusiveLock' and l.granted
  and l.database = (select oid from pg_database where datname = current_database())
  and l.relation = to_regclass('mt_events')::oid;
