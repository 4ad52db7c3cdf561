// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/sign_in.hpp"

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/db/account_rows.hpp"
#include "core/db/session.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <utility>

namespace recorte::db {
namespace {

using account::Identity;
using account::User;

constexpr Micros kMinute = 60'000'000;
constexpr std::size_t kMostGroups = 1'000;  ///< that a source may tell

Error refused(std::string why) { return {ErrorCode::kForbidden, std::move(why)}; }

/// "" where no account has it yet.
std::string account_of(soci::session& session, const Identity& identity) {
  const auto source = good_utf8(identity.source), subject = good_utf8(identity.subject);
  std::string name;
  session << "select account from identity where source = :source and subject = :subject",
      soci::use(source, "source"), soci::use(subject, "subject"), soci::into(name);
  return session.got_data() ? name : "";
}

/// As they are kept: sorted, once each, none that a source may not tell.
std::vector<std::string> told_groups(const Identity& identity) {
  std::vector<std::string> out;
  for (const auto& group : *identity.groups)
    if (account::may_be_told(group)) out.push_back(good_utf8(group));
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (out.size() > kMostGroups) out.resize(kMostGroups);
  return out;
}

/// The account after the sign-in.
User after(User user, const Identity& identity, Micros now) {
  if (now - user.seen >= kMinute) user.seen = now;
  if (!identity.email.empty()) user.email = good_utf8(identity.email);
  if (!identity.groups) return user;
  auto told = told_groups(identity);
  if (told != user.told_groups || now - user.told >= kMinute) user.told = now;
  user.told_groups = std::move(told);
  return user;
}

bool same(const User& a, const User& b) {
  return a.seen == b.seen && a.told == b.told && a.email == b.email &&
         a.told_groups == b.told_groups;
}

Status may_come(const User& user) {
  if (user.enabled) return {};
  return fail(
      refused("the account '" + user.name + "' is switched off; ask whoever runs the service"));
}

/// Made now, or by somebody else meanwhile. kForbidden where its name is another's.
Result<std::string> make_account(soci::session& session, const Identity& identity) {
  if (auto good = account::check_name(identity.name); !good)
    return fail(refused("no account can be made: " + good.error().message));
  const auto folded = lower(identity.name);
  int former = 0;
  session << "select count(*) from former_account where name = :name", soci::use(folded, "name"),
      soci::into(former);
  User user;
  user.name = identity.name;
  user.created = clock_of(session);
  if (former == 0 && insert_user(session, user)) {
    const auto source = good_utf8(identity.source), subject = good_utf8(identity.subject);
    session << "insert into identity (source, subject, account) values (:source, :subject, :name)",
        soci::use(source, "source"), soci::use(subject, "subject"), soci::use(user.name, "name");
    return user.name;
  }
  if (auto name = account_of(session, identity); !name.empty()) return name;
  return fail(
      refused("the name '" + identity.name +
              "' is another account's here; an admin joins the two with `recorte user link " +
              identity.name + " --source " + good_utf8(identity.source) + " --subject " +
              good_utf8(identity.subject) + "`"));
}

/// Of this service's own accounts the subject is the name.
std::string name_of(soci::session& session, const Identity& identity) {
  return identity.source == account::kOwnSource ? good_utf8(identity.subject)
                                                : account_of(session, identity);
}

Error nobody(const std::string& name) {
  return refused("there is no account '" + name + "' any more");
}

}  // namespace

Result<std::optional<User>> known_account(soci::session& session, const Identity& identity) {
  const auto name = name_of(session, identity);
  if (name.empty()) return std::nullopt;
  const auto user = read_user(session, name);
  if (!user) return fail(nobody(name));
  RECORTE_TRY(may_come(*user));
  if (!same(*user, after(*user, identity, clock_of(session)))) return std::nullopt;
  return user;
}

Result<User> sign_in(soci::session& session, const Identity& identity) {
  auto name = name_of(session, identity);
  if (name.empty()) {
    auto made = make_account(session, identity);
    if (!made) return fail(std::move(made).error());
    name = std::move(*made);
  }
  const auto user = read_user(session, name, true);
  if (!user) return fail(nobody(name));
  RECORTE_TRY(may_come(*user));
  auto out = after(*user, identity, clock_of(session));
  update_user(session, *user, out);
  return out;
}

}  // namespace recorte::db
