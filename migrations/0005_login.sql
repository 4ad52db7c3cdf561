-- SPDX-License-Identifier: BSD-3-Clause
-- works with: 4
-- Browsers that somebody has signed in with, and what was good once.
-- Times are microseconds since 1970, UTC.
create table session (
  id      text   not null primary key,  -- public
  hash    text   not null unique,       -- of what the cookie holds, keyed
  account text   not null references account (name) on delete cascade,
  method  text   not null,              -- how they signed in: oidc, password, ldap
  agent   text   not null,              -- what the browser calls itself
  address text   not null,
  created bigint not null,
  seen    bigint not null,              -- last, to the minute
  expires bigint not null               -- at the latest
);
create index session_account on session (account, created);
create index session_expires on session (expires);
create index session_seen on session (seen);

-- Ways back from a provider, each of which was taken.
create table spent (
  hash    text   not null primary key,
  expires bigint not null
);
create index spent_expires on spent (expires);
