-- SPDX-License-Identifier: BSD-3-Clause
-- works with: 4
-- Results are shared by signed links, of which nothing is kept but how often all were ended.
alter table job add column links bigint not null default 0;
