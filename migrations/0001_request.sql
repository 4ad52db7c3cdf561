-- SPDX-License-Identifier: BSD-3-Clause
-- One row a request, written behind. Times and durations are microseconds, times since 1970, UTC.
-- The key begins with the time, so that rows are added at its end and the oldest are found at its
-- beginning.
create table request (
  id        text     not null,
  time      bigint   not null,  -- when its last byte had come
  user_name text     not null,  -- "user" alone is a word of SQL
  address   text     not null,
  method    text     not null,
  route     text     not null,
  target    text     not null,
  run_id    text     not null,
  survey    text     not null,
  canonical text     not null,
  status    integer  not null,  -- 0: no answer was begun
  bytes     bigint   not null,
  total_us  bigint   not null,
  queued_us bigint   not null,
  worked_us bigint   not null,
  whole     smallint not null,  -- 0: the client left before the end
  error     text     not null,
  primary key (time, id)
);

create index request_user_time on request (user_name, time);
