-- SPDX-License-Identifier: BSD-3-Clause
-- works with: 3
-- Who uses the service, what they show of themselves, what they may, and who did what.
-- Times are microseconds since 1970, UTC; 0 is none or never.
create table account (
  name     text    not null primary key,
  email    text    not null,
  service  integer not null,  -- 1: a program
  enabled  integer not null,
  password text    not null,  -- argon2id, with its parameters; '' for none
  told     bigint  not null,  -- when a source last told its groups
  created  bigint  not null,
  seen     bigint  not null   -- last signed in, to the minute
);
-- Nobody is called as somebody else is but for capitals.
create unique index account_folded on account (lower(name));

create table account_group (
  account    text    not null references account (name) on delete cascade,
  told       integer not null,  -- 1: by the source of the last sign-in; 0: by an admin
  group_name text    not null,
  primary key (account, told, group_name)
);

-- Who somebody is elsewhere: at an OpenID provider, in a directory.
create table identity (
  source  text not null,
  subject text not null,
  account text not null references account (name) on delete cascade,
  primary key (source, subject)
);
create index identity_account on identity (account);

-- Names that nobody gets by signing in, as jobs of theirs may be about.
create table former_account (
  name    text   not null primary key,  -- in small letters
  removed bigint not null
);

create table token (
  id        text   not null primary key,
  hash      text   not null unique,
  account   text   not null references account (name) on delete cascade,
  name      text   not null,
  scopes    text   not null,  -- words, blanks between them
  created   bigint not null,
  expires   bigint not null,
  used      bigint not null,  -- last, to the minute
  used_from text   not null,
  revoked   bigint not null
);
create index token_account on token (account, created);

-- Grants, as sentences.
create table permission (
  sentence text   not null primary key,
  created  bigint not null
);

-- Rows are added, and go when they are as old as configured; none is changed.
create table audit (
  time       bigint not null,
  id         text   not null,
  act        text   not null,
  outcome    text   not null,
  user_name  text   not null,
  service    text   not null,
  method     text   not null,
  credential text   not null,
  address    text   not null,
  request_id text   not null,
  object     text   not null,
  detail     text   not null,
  primary key (time, id)
);
create index audit_user on audit (user_name, time);
create index audit_act on audit (act, time);
create index audit_object on audit (object, time);

alter table request add column service text not null default '';  -- that acted for the user
