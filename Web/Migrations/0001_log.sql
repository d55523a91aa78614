-- The request log: one append-only stream per request, its snapshot, and what has to be sent.
-- No foreign keys: every writer inserts both sides in one statement, and these tables are the hot path.

create table requests (
    id          uuid        primary key,
    owner       uuid        not null,
    kind        text        not null,
    status      text        not null,
    version     int         not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    deadline    timestamptz not null,
    fingerprint text        not null,
    state       text        not null,
    result      text,
    done        boolean     not null default false
) with (fillfactor = 60);

-- What changes often (version, status, updated_at, state) is in no index, so that updates stay within their page.
create index requests_by_owner on requests (owner, created_at desc, id desc);
create index requests_open on requests (deadline) where not done;

create table request_events (
    request_id uuid        not null,
    version    int         not null,
    position   bigint      generated always as identity,
    xid        xid8        not null default pg_current_xact_id(),
    type       text        not null,
    at         timestamptz not null,
    data       text        not null,
    primary key (request_id, version)
);

create index request_events_by_position on request_events (position);

-- Messages to the broker (work, stop), and timers: what this application reminds itself of (kind: give-up-on-cancel).
create table outbox (
    id         bigint      generated always as identity primary key,
    request_id uuid        not null,
    message_id uuid        not null default gen_random_uuid(),
    type       text        not null,
    kind       text        not null,
    attempt    int         not null,
    hop        int         not null,
    -- The event that holds the message, so that a payload is stored once; null for messages that carry their own body.
    version    int,
    body       text,
    -- Who sends it holds it by moving this into the future.
    due_at     timestamptz not null
);

create index outbox_due on outbox (due_at) where type <> 'timer';
create index outbox_timers on outbox (due_at) where type = 'timer';
create index outbox_by_request on outbox (request_id);

create table leases (
    request_id uuid        primary key,
    run        uuid        not null,
    seen_at    timestamptz not null
) with (fillfactor = 60);

create table tombstones (
    id          uuid        primary key,
    owner       uuid        not null,
    fingerprint text        not null,
    removed_at  timestamptz not null
);

-- After a restore into another cluster old transaction ids mean nothing: up to frozen_position everything is visible.
create table log_meta (
    system_identifier bigint not null,
    frozen_position   bigint not null
);

insert into log_meta select system_identifier, 0 from pg_control_system();
