-- What has changed since a time is asked for each owner who watches, again and again. updated_at can stand in no index (0005_waiting.sql); when a
-- request has ended can: it is null until the end, and a request that has ended changes no more. Generated, so that an instance of the version
-- before, still running beside this one, writes it too.
alter table requests add column ended_at timestamptz generated always as (case when done then updated_at end) stored;
create index requests_ended on requests (owner, ended_at) where ended_at is not null;
