-- Names the cookies of this installation, so that several of them on one host (cookies know no ports) do not disturb each other.
create table installation (
    id uuid primary key
);

create unique index installation_is_one on installation ((true));

insert into installation values (gen_random_uuid());

-- ASP.NET Core's data-protection keys: what one instance signs, every other one reads.
create table data_protection_keys (
    name       text        primary key,
    xml        text        not null,
    created_at timestamptz not null default now()
);
