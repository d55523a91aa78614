-- What has changed since a time is asked for each owner who watches, again and again. updated_at can stand in no index (0005_waiting.sql); when a
-- request has ended can: it is null until the end, and is set once, together with "done".
alter table requests add column ended_at timestamptz;
update requests set ended_at = updated_at where done;
create index requests_ended on requests (owner, ended_at) where ended_at is not null;
