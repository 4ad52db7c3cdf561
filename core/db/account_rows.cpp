// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/account_rows.hpp"

#include "core/base/utf8.hpp"
#include "core/db/session.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <map>
#include <utility>

namespace recorte::db {
namespace {

using account::User;

/// SOCI binds to variables.
struct Row {
  std::string name, email, password;
  int service = 0, enabled = 0;
  long long told = 0, created = 0, seen = 0;
};

constexpr const char* kSelect =
    "select name, email, service, enabled, password, told, created, seen from account ";

User user_of(const Row& row) {
  User out;
  out.name = row.name;
  out.email = row.email;
  out.service = row.service != 0;
  out.enabled = row.enabled != 0;
  out.told = row.told;
  out.created = row.created;
  out.seen = row.seen;
  out.has_password = !row.password.empty();
  return out;
}

/// PostgreSQL sorts by the words of some language, unless it was told otherwise.
void sort_groups(User& user) {
  std::ranges::sort(user.groups);
  std::ranges::sort(user.told_groups);
}

void insert_groups(soci::session& session, const std::string& name, int told,
                   const std::vector<std::string>& groups) {
  for (const auto& group : groups)
    session << "insert into account_group (account, told, group_name) values (:name, :told, "
               ":group_name) on conflict do nothing",
        soci::use(name, "name"), soci::use(told, "told"), soci::use(group, "group_name");
}

void replace_groups(soci::session& session, const std::string& name, int told,
                    const std::vector<std::string>& groups) {
  session << "delete from account_group where account = :name and told = :told",
      soci::use(name, "name"), soci::use(told, "told");
  insert_groups(session, name, told, groups);
}

}  // namespace

std::optional<User> read_user(soci::session& session, const std::string& called, bool lock) {
  const auto name = good_utf8(called);
  Row row;
  session << std::string(kSelect) + "where name = :name" +
                 std::string(lock ? for_update(session) : ""),
      soci::use(name, "name"), soci::into(row.name), soci::into(row.email), soci::into(row.service),
      soci::into(row.enabled), soci::into(row.password), soci::into(row.told),
      soci::into(row.created), soci::into(row.seen);
  if (!session.got_data()) return std::nullopt;
  auto out = user_of(row);
  std::string group;
  int told = 0;
  soci::statement groups =
      (session.prepare << "select told, group_name from account_group where account = :name",
       soci::use(name, "name"), soci::into(told), soci::into(group));
  groups.execute();
  while (groups.fetch()) (told != 0 ? out.told_groups : out.groups).push_back(group);
  sort_groups(out);
  return out;
}

std::vector<User> read_users(soci::session& session) {
  Row row;
  std::vector<User> out;
  std::map<std::string, std::size_t> places;
  soci::statement users =
      (session.prepare << kSelect, soci::into(row.name), soci::into(row.email),
       soci::into(row.service), soci::into(row.enabled), soci::into(row.password),
       soci::into(row.told), soci::into(row.created), soci::into(row.seen));
  users.execute();
  while (users.fetch()) {
    places.emplace(row.name, out.size());
    out.push_back(user_of(row));
  }
  std::string name, group;
  int told = 0;
  soci::statement groups =
      (session.prepare << "select account, told, group_name from account_group", soci::into(name),
       soci::into(told), soci::into(group));
  groups.execute();
  while (groups.fetch()) {
    const auto at = places.find(name);
    if (at == places.end()) continue;
    auto& user = out[at->second];
    (told != 0 ? user.told_groups : user.groups).push_back(group);
  }
  std::ranges::for_each(out, sort_groups);
  std::ranges::sort(out, {}, &User::name);
  return out;
}

bool insert_user(soci::session& session, const User& user) {
  const auto email = good_utf8(user.email);
  const int service = user.service ? 1 : 0, enabled = user.enabled ? 1 : 0;
  const long long told = user.told, created = user.created, seen = user.seen;
  soci::statement insert =
      (session.prepare << "insert into account (name, email, service, enabled, password, told, "
                          "created, seen) values (:name, :email, :service, :enabled, '', :told, "
                          ":created, :seen) on conflict do nothing",
       soci::use(user.name, "name"), soci::use(email, "email"), soci::use(service, "service"),
       soci::use(enabled, "enabled"), soci::use(told, "told"), soci::use(created, "created"),
       soci::use(seen, "seen"));
  insert.execute(true);
  if (insert.get_affected_rows() == 0) return false;
  insert_groups(session, user.name, 0, user.groups);
  insert_groups(session, user.name, 1, user.told_groups);
  return true;
}

void update_user(soci::session& session, const User& before, const User& after) {
  const auto email = good_utf8(after.email);
  const int service = after.service ? 1 : 0, enabled = after.enabled ? 1 : 0;
  const long long told = after.told, seen = after.seen;
  if (before.email != email || before.service != after.service || before.enabled != after.enabled ||
      before.told != after.told || before.seen != after.seen)
    session << "update account set email = :email, service = :service, enabled = :enabled, "
               "told = :told, seen = :seen where name = :name",
        soci::use(email, "email"), soci::use(service, "service"), soci::use(enabled, "enabled"),
        soci::use(told, "told"), soci::use(seen, "seen"), soci::use(before.name, "name");
  if (before.groups != after.groups) replace_groups(session, before.name, 0, after.groups);
  if (before.told_groups != after.told_groups)
    replace_groups(session, before.name, 1, after.told_groups);
}

}  // namespace recorte::db
