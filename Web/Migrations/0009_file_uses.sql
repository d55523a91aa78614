-- Which requests name a file: as long as one of them stands in the log, the file stays. A row may tell of a request that was refused, or has gone;
-- the request's own row decides, and this only finds it.
create table file_uses (
    file_id    uuid not null,
    request_id uuid not null,
    primary key (file_id, request_id)
);

create index file_uses_by_request on file_uses (request_id);

-- Until now a request kept its files until its deadline, which could lie thousands of years ahead.
update files set kept_until = now() + interval '100 days' where request_id is null and kept_until > now() + interval '100 days';
