-- Reading the whole log in one order, and what ended under a replica that knew no retention.

-- What has ended without an end of its retention: buried, or ended by a replica that did not know of it. No other columns than in 0005 (HOT).
create index if not exists requests_unpromised on requests (id) where done and expires_at is null;

-- A position is given out before its commit, so that a lower one may become visible after a higher one. Transaction ids do not tell: the
-- transaction with the higher id may hold the lower position. Who may still commit a position below the newest visible one holds the lock that
-- every insert takes before its first position, and gives it back after its rows have become visible. The name is looked up at each reading,
-- so that the table may be exchanged.
create view log_writers as
select l.virtualtransaction, l.pid, a.xact_start
from pg_locks l left join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'relation' and l.mode = 'RowExclusiveLock' and l.granted
  and l.database = (select oid from pg_database where datname = current_database())
  and l.relation = to_regclass('request_events')::oid;

-- With that nothing depends on transaction ids, which mean nothing after a restore into another cluster. No version reads these.
alter table request_events drop column xid;
drop table log_meta;
