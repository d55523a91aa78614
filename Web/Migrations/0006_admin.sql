-- What developers look for across all owners, newest first.
--
-- Both indexes hold what has ended, so that a request is put into them once, by the update that ends it (or not at all), and every update
-- before that stays within its page (HOT): "done" stands in the predicates of other indexes already, and the result is null until the end.
-- What is still open is read through requests_queue, kind by kind; the status and the error are looked up in the rows, a bounded number of them.

create index requests_ended_by_time on requests (created_at desc, id desc) where done;

-- What failed or was canceled: few, among many that have a result.
create index requests_without_result on requests (created_at desc, id desc) where done and result is null;
