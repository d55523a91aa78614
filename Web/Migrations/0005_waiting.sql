-- What waits, how long it is kept, and what is known of it without counting each time.
--
-- An update stays within its page (HOT) only if it changes no column that stands in any index, in its predicate or its expressions, whether or not
-- the row is in that index. So nothing here names status, version or updated_at: an index "where status = 'Pending'" would make every start of an
-- attempt rewrite all indexes of the row. The predicates use "done", which requests_open uses already and which changes once, at the end;
-- kind, owner and created_at never change; expires_at changes together with "done".

-- Null until the end. What was promised at the acceptance counts, also after the option has changed.
alter table requests add column expires_at timestamptz;
update requests set expires_at = updated_at + interval '7 days' where done;
create index requests_expiring on requests (expires_at) where expires_at is not null;

-- A request is removed a while after its tombstone has been written: a submit whose snapshot is older than the tombstone must have ended by then,
-- or it would find neither and accept the same work a second time.
alter table tombstones add column removing boolean not null default false;
create index tombstones_removing on tombstones (removed_at) where removing;
create index tombstones_by_age on tombstones (removed_at) where not removing;

-- What a request's workers wrote goes with it.
create index files_by_request on files (request_id) where request_id is not null;

-- When a dispatch that never started was sent again, so that it is not sent again at every look.
create table repeated_dispatches (
    request_id uuid        primary key,
    at         timestamptz not null
);

-- The queue of a kind in the order of acceptance: read once a second at most, and only while somebody asks where a request stands. It holds what
-- runs, too, which is little beside what waits; the status is looked up in the row.
create index requests_queue on requests (kind, created_at) where not done;

-- How many requests an owner has open, counted now and then for the admission; requests_by_owner would read all that have ended too.
create index requests_open_by_owner on requests (owner) where not done;
