// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/audit_rows.hpp"

#include "core/base/utf8.hpp"
#include "core/db/session.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace recorte::db {
namespace {

using account::Event;

constexpr std::size_t kLongestText = 1'000;  // bytes of what clients choose
constexpr std::int64_t kMost = 100'000;      // events of one search

/// PostgreSQL takes nothing but UTF-8 without NUL, and clients send anything.
void make_storable(Event& event) {
  for (auto* text :
       {&event.act, &event.outcome, &event.user, &event.service, &event.method, &event.credential,
        &event.address, &event.request_id, &event.object, &event.detail})
    *text = good_utf8(text->substr(0, kLongestText));
}

}  // namespace

/// SOCI binds to variables, not to values: statements are prepared once, for these.
struct AuditRows::Connection {
  Connection(Database where, std::unique_ptr<soci::session> opened)
      : database(std::move(where)), session(std::move(opened)) {}

  const Database database;
  std::unique_ptr<soci::session> session;
  std::string id;
  Event row;
  Micros limit = 0;
  long long most = 0;
  soci::statement insert =
      (session->prepare
           << "insert into audit (time, id, act, outcome, user_name, service, method, credential, "
              "address, request_id, object, detail) values (:time, :id, :act, :outcome, "
              ":user_name, :service, :method, :credential, :address, :request_id, :object, "
              ":detail) on conflict (time, id) do nothing",
       soci::use(row.time), soci::use(id), soci::use(row.act), soci::use(row.outcome),
       soci::use(row.user), soci::use(row.service), soci::use(row.method),
       soci::use(row.credential), soci::use(row.address), soci::use(row.request_id),
       soci::use(row.object), soci::use(row.detail));
  soci::statement remove =
      (session->prepare << "delete from audit where (time, id) in (select time, id from audit "
                           "where time < :limit order by time, id limit :most)",
       soci::use(limit), soci::use(most));
};

Result<std::unique_ptr<AuditRows>> AuditRows::open(const Database& database,
                                                   std::chrono::milliseconds patience) {
  auto session = open_session(database, patience, Durability::kMachine);
  if (!session) return fail(std::move(session).error());
  try {
    return std::unique_ptr<AuditRows>(
        new AuditRows(std::make_unique<Connection>(database, std::move(*session))));
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, database));
  }
}

AuditRows::AuditRows(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
AuditRows::~AuditRows() = default;

Status AuditRows::insert(const std::vector<AuditRecord>& records) {
  auto& c = *connection_;
  try {
    WriteTransaction transaction(*c.session);
    for (const auto& record : records) {
      c.id = record.id;
      c.row = record.event;
      make_storable(c.row);
      c.insert.execute(true);
    }
    transaction.commit();
    return {};
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, c.database));
  }
}

Result<std::size_t> AuditRows::remove_before(Micros time, std::size_t most) {
  auto& c = *connection_;
  try {
    WriteTransaction transaction(*c.session);
    c.limit = time;
    c.most = static_cast<long long>(most);
    c.remove.execute(true);
    const auto removed = static_cast<std::size_t>(c.remove.get_affected_rows());
    transaction.commit();
    return removed;
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, c.database));
  }
}

std::vector<Event> find_events(soci::session& session, const account::Audit::Filter& filter) {
  const std::array<std::pair<const char*, std::string>, 7> texts{{
      {"user_name", good_utf8(filter.user)},
      {"service", good_utf8(filter.service)},
      {"act", good_utf8(filter.act)},
      {"outcome", good_utf8(filter.outcome)},
      {"address", good_utf8(filter.address)},
      {"object", good_utf8(filter.object)},
      {"request_id", good_utf8(filter.request_id)},
  }};
  const long long from = filter.from.value_or(std::numeric_limits<long long>::min());
  const long long to = filter.to.value_or(std::numeric_limits<long long>::max());
  const long long most = std::clamp<std::int64_t>(filter.most, 0, kMost);
  std::string sql =
      "select time, act, outcome, user_name, service, method, credential, address, request_id, "
      "object, detail from audit where time >= :from and time < :to";
  for (const auto& [column, value] : texts)
    if (!value.empty()) sql += std::string(" and ") + column + " = :" + column;
  sql += " order by time desc, id desc limit :most";

  Event row;
  soci::statement rows(session);
  rows.alloc();
  rows.prepare(sql);
  rows.exchange(soci::use(from, "from"));
  rows.exchange(soci::use(to, "to"));
  for (const auto& [column, value] : texts)
    if (!value.empty()) rows.exchange(soci::use(value, column));
  rows.exchange(soci::use(most, "most"));
  for (auto* text : {&row.act, &row.outcome, &row.user, &row.service, &row.method, &row.credential,
                     &row.address, &row.request_id, &row.object, &row.detail}) {
    if (text == &row.act) rows.exchange(soci::into(row.time));
    rows.exchange(soci::into(*text));
  }
  rows.define_and_bind();
  rows.execute();
  std::vector<Event> out;
  while (rows.fetch()) out.push_back(row);
  return out;
}

}  // namespace recorte::db
