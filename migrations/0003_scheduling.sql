-- SPDX-License-Identifier: BSD-3-Clause
-- works with: 2
-- Whose turn it is, what a user has used, how long things take, and what an admin has switched.
-- Times and durations are microseconds, times since 1970, UTC; 0 is none.
alter table job add column service           text   not null default '';  -- that acts for the owner
alter table job add column priority          text   not null default '';  -- class that an admin gave it
alter table job add column place             bigint not null default 0;   -- among its owner's: higher first
alter table job add column hold              text   not null default '';  -- why HELD: user, admin, quota
alter table job add column hold_until        bigint not null default 0;   -- when a quota renews
alter table job add column queued            bigint not null default 0;   -- since when it waits for its turn
alter table job add column charged           bigint not null default 0;   -- cutouts, to its owner's quota
alter table job add column charged_day       bigint not null default 0;   -- of the ledger
alter table job add column kind              text   not null default '';  -- of work, for estimates
alter table job add column pixels            double precision not null default 0;  -- of all products
alter table job add column predicted_low_us  bigint not null default 0;   -- from acceptance to the end
alter table job add column predicted_us      bigint not null default 0;
alter table job add column predicted_high_us bigint not null default 0;
alter table job add column predicted_bytes   bigint not null default 0;
alter table job add column predicted_wait_us bigint not null default 0;   -- of predicted_us, for others

create index job_live on job (owner) where phase <> 'ARCHIVED';
create index job_turn on job (owner, place, created) where phase in ('QUEUED', 'EXECUTING');
create index job_held on job (owner, created) where hold = 'quota';

-- What each user has used, a row a day (UTC).
create table ledger (
  owner   text   not null,
  day     bigint not null,  -- since 1970
  cutouts bigint not null,  -- accepted in jobs, made or leased in real time
  work_us bigint not null,  -- of workers
  primary key (owner, day)
);

-- Work of each user for fair shares, which counts less the older it is.
create table share (
  owner   text   not null primary key,
  work_us double precision not null,  -- as it counts at `time`
  time    bigint not null
);

-- One row a job that was completed, and of real-time cutouts one in some.
create table run (
  time              bigint not null,  -- when it ended
  id                text   not null,
  kind              text   not null,  -- survey, algorithm, format
  lane              text   not null,  -- batch or sync
  products          bigint not null,
  pixels            double precision not null,
  hands             bigint not null,  -- workers
  work_us           bigint not null,
  took_us           bigint not null,  -- from acceptance to the end; 0: it does not tell
  waited_us         bigint not null,  -- of these, for others, as far as was foreseen
  bytes             bigint not null,
  predicted_low_us  bigint not null,  -- 0: nothing was
  predicted_us      bigint not null,
  predicted_high_us bigint not null,
  predicted_bytes   bigint not null,
  primary key (time, id)
);
create index run_kind on run (kind, lane, time);

-- What an admin has switched, for all servers: maintenance, a survey that is off.
create table switch (
  name    text   not null primary key,
  value   text   not null,
  changed bigint not null,
  changed_by text not null
);

-- The servers that share this database.
create table server (
  name  text   not null primary key,
  seen  bigint not null,
  state text   not null  -- JSON, of itself
);
