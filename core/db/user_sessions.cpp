// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/user_sessions.hpp"

#include "core/base/utf8.hpp"
#include "core/db/account_rows.hpp"
#include "core/db/session.hpp"
#include "core/db/sessions.hpp"

#include <soci/soci.h>

#include <string>
#include <utility>

namespace recorte::db {
namespace {

using account::Session;

/// The sessions that a condition finds, which binds :key.
Result<std::vector<Session>> select(soci::session& session, const std::string& condition,
                                    const std::string& key) {
  std::vector<Session> out;
  Session row;
  long long created = 0, seen = 0, expires = 0;
  soci::statement rows =
      (session.prepare << "select id, account, method, agent, address, created, seen, expires "
                          "from session where " +
                              condition,
       soci::into(row.id), soci::into(row.user), soci::into(row.method), soci::into(row.agent),
       soci::into(row.address), soci::into(created), soci::into(seen), soci::into(expires),
       soci::use(key, "key"));
  rows.execute();
  while (rows.fetch()) {
    row.created = created;
    row.seen = seen;
    row.expires = expires;
    out.push_back(row);
  }
  return out;
}

}  // namespace

struct UserSessions::Parts {
  Parts(Database database, db::Sessions::Options options)
      : sessions(std::move(database), options) {}
  db::Sessions sessions;
};

/// A session that ended must stay so when the machine stops; one that was not yet written is opened
/// again by its user.
UserSessions::UserSessions(Database database, std::chrono::milliseconds patience)
    : parts_(std::make_unique<Parts>(
          std::move(database),
          db::Sessions::Options{
              .most = 4, .patience = patience, .durability = Durability::kMachine})) {}
UserSessions::~UserSessions() = default;

Status UserSessions::add(const Session& added, const std::string& hash, Micros idle_since) {
  const long long created = added.created, seen = added.seen, expires = added.expires;
  const long long idle = idle_since;
  const auto agent = good_utf8(added.agent), address = good_utf8(added.address);
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    if (!read_user(session, added.user, true))
      return fail(ErrorCode::kNotFound, "there is no account '" + good_utf8(added.user) + "'");
    session << "delete from session where expires < :now or seen < :idle",
        soci::use(created, "now"), soci::use(idle, "idle");
    session << "insert into session "
               "(id, hash, account, method, agent, address, created, seen, expires) values "
               "(:id, :hash, :account, :method, :agent, :address, :created, :seen, :expires) "
               "on conflict (id) do nothing",
        soci::use(added.id, "id"), soci::use(hash, "hash"), soci::use(added.user, "account"),
        soci::use(added.method, "method"), soci::use(agent, "agent"), soci::use(address, "address"),
        soci::use(created, "created"), soci::use(seen, "seen"), soci::use(expires, "expires");
    return {};
  });
}

Result<std::optional<Session>> UserSessions::find(const std::string& hash) {
  return parts_->sessions.read([&](soci::session& session) -> Result<std::optional<Session>> {
    auto found = select(session, "hash = :key", hash);
    if (!found) return fail(std::move(found).error());
    if (found->empty()) return std::nullopt;
    return std::move(found->front());
  });
}

Result<std::vector<Session>> UserSessions::list(const std::string& user) {
  const auto whose = good_utf8(user);
  return parts_->sessions.read([&](soci::session& session) {
    return select(session, "account = :key order by created desc, id", whose);
  });
}

Status UserSessions::touch(const std::string& id, Micros now, const std::string& address) {
  const long long seen = now;
  const auto from = good_utf8(address);
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    session << "update session set seen = :seen, address = :address where id = :id and seen < "
               ":before",
        soci::use(seen, "seen"), soci::use(from, "address"), soci::use(id, "id"),
        soci::use(seen, "before");
    return {};
  });
}

Status UserSessions::end(const std::string& id, const std::string& user) {
  const auto wanted = good_utf8(id), whose = good_utf8(user);
  return parts_->sessions.write([&](soci::session& session, bool in_doubt) -> Status {
    soci::statement gone =
        (session.prepare << "delete from session where id = :id and account = :account",
         soci::use(wanted, "id"), soci::use(whose, "account"));
    gone.execute(true);
    if (gone.get_affected_rows() > 0 || in_doubt) return {};
    return fail(ErrorCode::kNotFound, "you have no session '" + wanted.substr(0, 40) + "'");
  });
}

/// In doubt, it counts as spent: whoever comes with it begins anew, and nobody comes twice.
Result<bool> UserSessions::spend(const std::string& hash, Micros expires, Micros now) {
  const long long until = expires, since = now;
  return parts_->sessions.write([&](soci::session& session, bool) -> Result<bool> {
    session << "delete from spent where expires < :now", soci::use(since, "now");
    soci::statement row =
        (session.prepare << "insert into spent (hash, expires) values (:hash, :expires) "
                            "on conflict (hash) do nothing",
         soci::use(hash, "hash"), soci::use(until, "expires"));
    row.execute(true);
    return row.get_affected_rows() > 0;
  });
}

}  // namespace recorte::db
