// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/tokens.hpp"

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/db/account_rows.hpp"
#include "core/db/session.hpp"
#include "core/db/sessions.hpp"

#include <soci/soci.h>

#include <string>
#include <utility>

namespace recorte::db {
namespace {

using account::Token;

constexpr Micros kMinute = 60'000'000;

/// SOCI binds to variables.
struct Row {
  std::string id, account, name, scopes, used_from;
  long long created = 0, expires = 0, used = 0, revoked = 0;
};

constexpr const char* kSelect =
    "select id, account, name, scopes, created, expires, used, used_from, revoked from token ";

/// Scopes that cannot be read are none: the token is good for nothing.
Token token_of(const Row& row) {
  Token out;
  out.id = row.id;
  out.user = row.account;
  out.name = row.name;
  out.scopes = account::parse_scopes(split_blanks(row.scopes))
                   .value_or(account::Scopes{false, false, false, {}});
  out.created = row.created;
  out.expires = row.expires;
  out.used = row.used;
  out.used_from = row.used_from;
  out.revoked = row.revoked;
  return out;
}

}  // namespace

struct Tokens::Parts {
  Parts(Database database, Sessions::Options options) : sessions(std::move(database), options) {}
  Sessions sessions;
};

Tokens::Tokens(Database database, std::chrono::milliseconds patience)
    : parts_(std::make_unique<Parts>(std::move(database),
                                     Sessions::Options{.most = 4, .patience = patience})) {}
Tokens::~Tokens() = default;

Status Tokens::add(const Token& token, const std::string& hash) {
  const auto name = good_utf8(token.name);
  const auto scopes = join(account::scope_words(token.scopes), " ");
  const long long created = token.created, expires = token.expires;
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    if (!read_user(session, token.user, true))
      return fail(ErrorCode::kNotFound, "there is no account '" + good_utf8(token.user) + "'");
    session << "insert into token (id, hash, account, name, scopes, created, expires, used, "
               "used_from, revoked) values (:id, :hash, :account, :name, :scopes, :created, "
               ":expires, 0, '', 0) on conflict (id) do nothing",
        soci::use(token.id, "id"), soci::use(hash, "hash"), soci::use(token.user, "account"),
        soci::use(name, "name"), soci::use(scopes, "scopes"), soci::use(created, "created"),
        soci::use(expires, "expires");
    return {};
  });
}

Result<std::optional<Tokens::Found>> Tokens::find(const std::string& hash) {
  return parts_->sessions.read([&](soci::session& session) -> Result<std::optional<Found>> {
    Row row;
    session << std::string(kSelect) + "where hash = :hash", soci::use(hash, "hash"),
        soci::into(row.id), soci::into(row.account), soci::into(row.name), soci::into(row.scopes),
        soci::into(row.created), soci::into(row.expires), soci::into(row.used),
        soci::into(row.used_from), soci::into(row.revoked);
    if (!session.got_data()) return std::nullopt;
    auto user = read_user(session, row.account);
    if (!user) return std::nullopt;  // removed since
    return Found{token_of(row), std::move(*user)};
  });
}

Result<std::vector<Token>> Tokens::list(const std::string& user) {
  const auto of = good_utf8(user);
  return parts_->sessions.read([&](soci::session& session) -> Result<std::vector<Token>> {
    std::vector<Token> out;
    Row row;
    soci::statement rows = (session.prepare << std::string(kSelect) +
                                                   "where account = :account or :all = '' "
                                                   "order by created desc, id",
                            soci::use(of, "account"), soci::use(of, "all"), soci::into(row.id),
                            soci::into(row.account), soci::into(row.name), soci::into(row.scopes),
                            soci::into(row.created), soci::into(row.expires), soci::into(row.used),
                            soci::into(row.used_from), soci::into(row.revoked));
    rows.execute();
    while (rows.fetch()) out.push_back(token_of(row));
    return out;
  });
}

Status Tokens::revoke(const std::string& id, const std::string& user) {
  const auto wanted = good_utf8(id);
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    std::string of;
    session << "select account from token where id = :id", soci::use(wanted, "id"), soci::into(of);
    if (!session.got_data() || (!user.empty() && of != user))
      return fail(ErrorCode::kNotFound, "there is no token '" + wanted.substr(0, 80) + "'" +
                                            (user.empty() ? "" : " of yours"));
    const long long now = clock_of(session);
    session << "update token set revoked = :now where id = :id and revoked = 0",
        soci::use(now, "now"), soci::use(wanted, "id");
    return {};
  });
}

/// Looks first: one that writes to an SQLite file keeps others from writing.
Status Tokens::touch(const std::string& id, Micros now, const std::string& address) {
  const long long since = now - kMinute;
  const auto stale = parts_->sessions.read([&](soci::session& session) -> Result<bool> {
    int count = 0;
    session << "select count(*) from token where id = :id and used <= :since", soci::use(id, "id"),
        soci::use(since, "since"), soci::into(count);
    return count > 0;
  });
  if (!stale) return fail(stale.error());
  if (!*stale) return {};
  const auto from = good_utf8(address);
  const long long used = now;
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    session << "update token set used = :used, used_from = :address where id = :id and used <= "
               ":since",
        soci::use(used, "used"), soci::use(from, "address"), soci::use(id, "id"),
        soci::use(since, "since");
    return {};
  });
}

}  // namespace recorte::db
