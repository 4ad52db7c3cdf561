// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/accounts.hpp"

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/db/account_rows.hpp"
#include "core/db/session.hpp"
#include "core/db/sessions.hpp"
#include "core/db/sign_in.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <string>
#include <utility>

namespace recorte::db {
namespace {

using account::Grant;
using account::Identity;
using account::User;

Error no_account(const std::string& name) {
  return {ErrorCode::kNotFound, "there is no account '" + good_utf8(name.substr(0, 80)) + "'"};
}

/// As it is kept: groups sorted, once each, and each a name.
Status tidy(User& user) {
  for (const auto& group : user.groups) RECORTE_TRY(account::check_group(group));
  std::ranges::sort(user.groups);
  user.groups.erase(std::unique(user.groups.begin(), user.groups.end()), user.groups.end());
  return {};
}

std::vector<Grant> read_grants(soci::session& session) {
  std::vector<Grant> out;
  std::string sentence;
  soci::statement rows =
      (session.prepare << "select sentence from permission", soci::into(sentence));
  rows.execute();
  while (rows.fetch())
    if (auto grant = account::parse_grant(sentence)) out.push_back(std::move(*grant));
  std::ranges::sort(out, {}, account::grant_text);
  return out;
}

bool remove_grant(soci::session& session, const Grant& grant) {
  const auto sentence = account::grant_text(grant);
  soci::statement gone = (session.prepare << "delete from permission where sentence = :sentence",
                          soci::use(sentence, "sentence"));
  gone.execute(true);
  return gone.get_affected_rows() > 0;
}

/// Whether it is of that account, or on it.
bool names(const Grant& grant, const std::string& name) {
  using Subject = account::Subject::Kind;
  const auto& [subject, action, resource] = grant;
  return (subject.name == name &&
          (subject.kind == Subject::kUser || subject.kind == Subject::kService)) ||
         (resource.name == name && resource.kind == account::Resource::Kind::kUser);
}

}  // namespace

struct Accounts::Parts {
  Parts(Database database, Sessions::Options options) : sessions(std::move(database), options) {}
  Sessions sessions;
};

Accounts::Accounts(Database database, std::chrono::milliseconds patience)
    : parts_(std::make_unique<Parts>(std::move(database),
                                     Sessions::Options{.most = 4, .patience = patience})) {}
Accounts::~Accounts() = default;

Result<User> Accounts::sign_in(const Identity& identity) {
  const auto known = parts_->sessions.read(
      [&](soci::session& session) { return known_account(session, identity); });
  if (!known) return fail(known.error());
  if (*known) return **known;
  return parts_->sessions.write(
      [&](soci::session& session, bool) { return db::sign_in(session, identity); });
}

Result<User> Accounts::find(const std::string& name) {
  return parts_->sessions.read([&](soci::session& session) -> Result<User> {
    auto user = read_user(session, name);
    if (!user) return fail(no_account(name));
    return std::move(*user);
  });
}

Result<std::vector<User>> Accounts::list() {
  return parts_->sessions.read(
      [](soci::session& session) -> Result<std::vector<User>> { return read_users(session); });
}

Status Accounts::add(const User& user) {
  RECORTE_TRY(account::check_name(user.name));
  auto made = user;
  RECORTE_TRY(tidy(made));
  return parts_->sessions.write([&](soci::session& session, bool in_doubt) -> Status {
    made.created = clock_of(session);
    const auto folded = lower(made.name);
    session << "delete from former_account where name = :name", soci::use(folded, "name");
    if (insert_user(session, made) || (in_doubt && read_user(session, made.name))) return {};
    return fail(ErrorCode::kUsage,
                "there is an account '" + made.name + "' already; capitals make no difference");
  });
}

Result<User> Accounts::change(const std::string& name, const std::function<Status(User&)>& how) {
  return parts_->sessions.write([&](soci::session& session, bool) -> Result<User> {
    const auto before = read_user(session, name, true);
    if (!before) return fail(no_account(name));
    auto user = *before;
    RECORTE_TRY(how(user));
    RECORTE_TRY(tidy(user));
    user.name = before->name;
    update_user(session, *before, user);
    return user;
  });
}

Status Accounts::remove(const std::string& name) {
  return parts_->sessions.write([&](soci::session& session, bool in_doubt) -> Status {
    const auto user = read_user(session, name, true);
    if (!user && in_doubt) return {};
    if (!user) return fail(no_account(name));
    for (const auto& grant : read_grants(session))
      if (names(grant, name)) remove_grant(session, grant);
    const auto folded = lower(name);
    const long long now = clock_of(session);
    session << "insert into former_account (name, removed) values (:name, :removed) "
               "on conflict (name) do update set removed = excluded.removed",
        soci::use(folded, "name"), soci::use(now, "removed");
    session << "delete from account where name = :name", soci::use(name, "name");
    return {};
  });
}

Status Accounts::link(const std::string& name, const std::string& source,
                      const std::string& subject) {
  if (source.empty() || subject.empty() || source == account::kOwnSource)
    return fail(ErrorCode::kUsage,
                "an identity has a source, 'ldap' or an issuer's URL, and a "
                "subject, what it calls the user");
  const auto kept_source = good_utf8(source), kept_subject = good_utf8(subject);
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    if (!read_user(session, name, true)) return fail(no_account(name));
    session << "insert into identity (source, subject, account) values (:source, :subject, :name) "
               "on conflict do nothing",
        soci::use(kept_source, "source"), soci::use(kept_subject, "subject"),
        soci::use(name, "name");
    std::string of;
    session << "select account from identity where source = :source and subject = :subject",
        soci::use(kept_source, "source"), soci::use(kept_subject, "subject"), soci::into(of);
    if (of == name) return {};
    return fail(ErrorCode::kUsage, "that is the account '" + of +
                                       "' already; remove that one first, if nobody needs it");
  });
}

Result<std::string> Accounts::password_hash(const std::string& name) {
  const auto wanted = good_utf8(name);
  return parts_->sessions.read([&](soci::session& session) -> Result<std::string> {
    std::string hash;
    session << "select password from account where name = :name", soci::use(wanted, "name"),
        soci::into(hash);
    return session.got_data() ? hash : std::string();
  });
}

Status Accounts::set_password_hash(const std::string& name, const std::string& hash) {
  const auto wanted = good_utf8(name);
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    soci::statement set =
        (session.prepare << "update account set password = :hash where name = :name",
         soci::use(hash, "hash"), soci::use(wanted, "name"));
    set.execute(true);
    if (set.get_affected_rows() > 0) return {};
    return fail(no_account(name));
  });
}

Status Accounts::renew_password_hash(const std::string& name, const std::string& old,
                                     const std::string& hash) {
  const auto wanted = good_utf8(name);
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    session << "update account set password = :hash where name = :name and password = :old",
        soci::use(hash, "hash"), soci::use(wanted, "name"), soci::use(old, "old");
    return {};
  });
}

Result<std::vector<Grant>> Accounts::grants() {
  return parts_->sessions.read(
      [](soci::session& session) -> Result<std::vector<Grant>> { return read_grants(session); });
}

Status Accounts::add(const Grant& grant) {
  const auto sentence = account::grant_text(grant);
  RECORTE_TRY(account::parse_grant(sentence));
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    const long long now = clock_of(session);
    session << "insert into permission (sentence, created) values (:sentence, :created) "
               "on conflict do nothing",
        soci::use(sentence, "sentence"), soci::use(now, "created");
    return {};
  });
}

Status Accounts::remove(const Grant& grant) {
  return parts_->sessions.write([&](soci::session& session, bool in_doubt) -> Status {
    if (remove_grant(session, grant) || in_doubt) return {};
    return fail(ErrorCode::kNotFound,
                "'" + account::grant_text(grant) +
                    "' is not granted; `recorte grant list` says what is, and [auth] grants of the "
                    "configuration has others");
  });
}

}  // namespace recorte::db
