-- SPDX-License-Identifier: BSD-3-Clause
-- works with: 1
-- Jobs and their tasks. A task is what is written at once: a pack of some hundreds of products, so
-- that a batch of 100,000 positions is some hundreds of rows. Times and durations are microseconds,
-- times since 1970, UTC; 0 is none.
create table job (
  id                text     not null primary key,
  face              text     not null,  -- soda or api
  phase             text     not null,  -- as UWS names it
  visibility        smallint not null,  -- 0 normal, 1 hidden by the user, 2 hidden by the system
  owner             text     not null,
  owner_groups      text     not null,  -- JSON: ["a", …]
  run_id            text     not null,
  created           bigint   not null,  -- of two jobs never the same
  started           bigint   not null,
  ended             bigint   not null,
  quote             bigint   not null,
  destruction       bigint   not null,
  execution_seconds bigint   not null,  -- that it may run; 0: any time
  parameters        text     not null,  -- JSON: [["name", "value"], …], as sent
  list_name         text     not null,
  positions         bigint   not null,
  products          bigint   not null,
  outside           bigint   not null,  -- -1: not known
  ok                bigint   not null,
  partial           bigint   not null,
  no_coverage       bigint   not null,
  failed            bigint   not null,
  bytes             bigint   not null,
  work_us           bigint   not null,
  error_code        text     not null,  -- "": no error
  error             text     not null,
  rounds            bigint   not null,
  version           bigint   not null,
  server            text     not null,  -- that works on it
  lease             bigint   not null   -- until when
);

create unique index job_created on job (created);
create index job_owner on job (owner, created);
create index job_phase on job (phase, created);
create index job_server on job (server);
create index job_destruction on job (destruction) where phase <> 'ARCHIVED';
create index job_ended on job (ended);

create table task (
  job         text     not null references job (id),
  number      bigint   not null,  -- from 0
  first       bigint   not null,  -- of the job's order
  items       bigint   not null,
  done        smallint not null,
  ok          bigint   not null,
  partial     bigint   not null,
  no_coverage bigint   not null,
  failed      bigint   not null,
  bytes       bigint   not null,
  work_us     bigint   not null,
  primary key (job, number)
);
