-- Identities beyond a signed cookie: what ends them before their time, and how people prove them on another device.

-- Who has no row is as they came: no token revoked, nothing moved.
create table owners (
    id         uuid        primary key,
    -- Tokens carry it; once it is raised, all earlier ones are void.
    stamp      bigint      not null default 0,
    -- A guest whose requests went to somebody else: this identity is over.
    moved_to   uuid,
    changed_at timestamptz not null default now()
);

create index owners_by_change on owners (changed_at);
create index owners_by_move on owners (moved_to) where moved_to is not null;

create table users (
    -- The owner id: that of the guest who signed up.
    id            uuid        primary key,
    name          text        not null,
    -- The name in lower case.
    name_key      text        not null unique,
    password_hash text        not null,
    created_at    timestamptz not null default now()
);

-- One open code an owner; a new one takes the place of the one before.
create table pairing_codes (
    owner      uuid        primary key,
    -- What the second device is told that it has become.
    kind       text        not null,
    name       text,
    code_hash  bytea       not null unique,
    expires_at timestamptz not null
);

create index pairing_codes_by_end on pairing_codes (expires_at);

-- Attempts within a time, by a hash of what is limited. Not logged: a crash of PostgreSQL begins the counting anew.
create unlogged table attempts (
    bucket  bytea       primary key,
    hits    int         not null,
    ends_at timestamptz not null
) with (fillfactor = 70);

create index attempts_by_end on attempts (ends_at);

-- What a guest leaves behind is found by its owner.
create index tombstones_by_owner on tombstones (owner);
