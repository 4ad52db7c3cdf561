// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/request_rows.hpp"

#include "core/base/utf8.hpp"
#include "core/db/session.hpp"

#include <soci/soci.h>

#include <utility>

namespace recorte::db {
namespace {

/// PostgreSQL takes nothing but UTF-8 without NUL, and clients send anything.
RequestRecord storable(RequestRecord record) {
  for (auto* text :
       {&record.id, &record.user, &record.service, &record.address, &record.method, &record.route,
        &record.target, &record.run_id, &record.survey, &record.canonical, &record.error})
    *text = good_utf8(*text);
  return record;
}

}  // namespace

/// SOCI binds to variables, not to values: statements are prepared once, for these.
struct RequestRows::Connection {
  Connection(Database where, std::unique_ptr<soci::session> opened)
      : database(std::move(where)), session(std::move(opened)) {}

  const Database database;
  std::unique_ptr<soci::session> session;
  RequestRecord row;
  int whole = 0;
  Micros limit = 0;
  long long most = 0;
  soci::statement insert =
      (session->prepare
           << "insert into request (id, time, user_name, address, method, route, target, run_id, "
              "survey, canonical, status, bytes, total_us, queued_us, worked_us, whole, error, "
              "service) "
              "values (:id, :time, :user_name, :address, :method, :route, :target, :run_id, "
              ":survey, :canonical, :status, :bytes, :total_us, :queued_us, :worked_us, :whole, "
              ":error, :service) on conflict (time, id) do nothing",
       soci::use(row.id), soci::use(row.time), soci::use(row.user), soci::use(row.address),
       soci::use(row.method), soci::use(row.route), soci::use(row.target), soci::use(row.run_id),
       soci::use(row.survey), soci::use(row.canonical), soci::use(row.status), soci::use(row.bytes),
       soci::use(row.total_us), soci::use(row.queued_us), soci::use(row.worked_us),
       soci::use(whole), soci::use(row.error), soci::use(row.service));
  soci::statement remove =
      (session->prepare << "delete from request where (time, id) in (select time, id from request "
                           "where time < :limit order by time, id limit :most)",
       soci::use(limit), soci::use(most));
};

Result<std::unique_ptr<RequestRows>> RequestRows::open(const Database& database,
                                                       std::chrono::milliseconds patience) {
  auto session = open_session(database, patience);
  if (!session) return fail(std::move(session).error());
  try {
    return std::unique_ptr<RequestRows>(
        new RequestRows(std::make_unique<Connection>(database, std::move(*session))));
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, database));
  }
}

RequestRows::RequestRows(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}
RequestRows::~RequestRows() = default;

Status RequestRows::insert(const std::vector<RequestRecord>& records) {
  auto& c = *connection_;
  try {
    WriteTransaction transaction(*c.session);
    for (const auto& record : records) {
      c.row = storable(record);
      c.whole = record.whole ? 1 : 0;
      c.insert.execute(true);
    }
    transaction.commit();
    return {};
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, c.database));
  }
}

Result<std::size_t> RequestRows::remove_before(Micros time, std::size_t most) {
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

}  // namespace recorte::db
