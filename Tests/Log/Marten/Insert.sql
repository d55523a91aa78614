-- Tests put rows into the log's tables by themselves. Marten's are written by Marten alone, so that only tests have this.
create or replace function insert_event() returns trigger language plpgsql as $$
begin
    insert into mt_streams (id, version) values (new.request_id, new.version) on conflict (id) do update set version = greatest(mt_streams.version, excluded.version);
    insert into mt_events (seq_id, id, stream_id, version, data, type, "timestamp", tenant_id)
    values (nextval('mt_events_sequence'), gen_random_uuid(), new.request_id, new.version,
        case when new.type = 'request-accepted' then jsonb_set(new.data::jsonb, '{payload}', to_jsonb((new.data::json -> 'payload')::text)) else new.data::jsonb end,
        new.type, new.at, '*DEFAULT*')
    returning seq_id into new.position;
    return new;
end $$;
create or replace trigger insert_event instead of insert on request_events for each row execute function insert_event();

create or replace function insert_request() returns trigger language plpgsql as $$
begin
    insert into mt_doc_request (id, data, owner, kind, status, stream_version, created_at, updated_at, deadline, fingerprint, done, expires_at)
    values (new.id, jsonb_build_object('state', new.state, 'result', new.result), new.owner, new.kind, new.status, new.version, new.created_at, new.updated_at,
        new.deadline, new.fingerprint, coalesce(new.done, false), new.expires_at);
    return new;
end $$;
create or replace trigger insert_request instead of insert on requests for each row execute function insert_request();

create or replace function insert_dispatch() returns trigger language plpgsql as $$
begin
    insert into mt_doc_dispatch (id, data, message_id, request_id, type, kind, attempt, hop, event_version, due_at)
    values ((random() * 1e12)::bigint, jsonb_build_object('body', new.body), gen_random_uuid(), new.request_id, new.type, new.kind, new.attempt, new.hop, new.version, new.due_at)
    returning id into new.id;
    return new;
end $$;
create or replace trigger insert_dispatch instead of insert on outbox for each row execute function insert_dispatch();
