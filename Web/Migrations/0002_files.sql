-- Uploaded files as rows, so that any instance serves them and one backup holds everything.

-- Of its owner alone: the same id under two owners names two files, so that nobody learns of a foreign one or gets into its way.
create table files (
    owner      uuid        not null,
    id         uuid        not null,
    upload     uuid        not null,
    name       text,
    media_type text        not null,
    size       bigint      not null,
    sha256     bytea       not null,
    -- The request for which a backend wrote it; null for what the owner uploaded.
    request_id uuid,
    created_at timestamptz not null default now(),
    kept_until timestamptz not null,
    primary key (owner, id)
);

create index files_by_end on files (kept_until);

-- Chunks that no file shows: of uploads under way, or abandoned and to be removed in small batches. seen_at is in no index (HOT).
create table uploads (
    id        uuid        primary key,
    seen_at   timestamptz not null default now(),
    abandoned boolean     not null default false
) with (fillfactor = 50);

create table file_chunks (
    upload uuid  not null,
    number int   not null,
    data   bytea not null,
    primary key (upload, number)
);

-- Most files are compressed already, or are read in ranges.
alter table file_chunks alter column data set storage external;
