// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/request_rows.hpp"

#include "core/db/session.hpp"

#include <soci/soci.h>

#include <utility>

namespace recorte::db {

/// SOCI binds to variables, not to values: statements are prepared once, for these.
struct RequestRows::Connection {
  Connection(std::filesystem::path path, std::unique_ptr<soci::session> opened)
      : file(std::move(path)), session(std::move(opened)) {}

  std::filesystem::path file;
  std::unique_ptr<soci::session> session;
  RequestRecord row;
  int whole = 0;
  Micros limit = 0;
  long long most = 0;
  soci::statement insert =
      (session->prepare
           << "insert into request (id, time, user_name, address, method, route, target, run_id, "
              "survey, canonical, status, bytes, total_us, queued_us, worked_us, whole, error) "
              "values (:id, :time, :user_name, :address, :method, :route, :target, :run_id, "
              ":survey, :canonical, :status, :bytes, :total_us, :queued_us, :worked_us, :whole, "
              ":error) on conflict (time, id) do nothing",
       soci::use(row.id), soci::use(row.time), soci::use(row.user), soci::use(row.address),
       soci::use(row.method), soci::use(row.route), soci::use(row.target), soci::use(row.run_id),
       soci::use(row.survey), soci::use(row.canonical), soci::use(row.status), soci::use(row.bytes),
       soci::use(row.total_us), soci::use(row.queued_us), soci::use(row.worked_us),
       soci::use(whole), soci::use(row.error));
  soci::statement remove =
      (session->prepare << "delete from request where (time, id) in (select time, id from request "
                           "where time < :limit order by time, id limit :most)",
       soci::use(limit), soci::use(most));
};

Result<std::unique_ptr<RequestRows>> RequestRows::open(const std::filesystem::path& file,
                                                       std::chrono::milliseconds patience) {
  auto session = open_sqlite(file, patience);
  if (!session) return fail(std::move(session).error());
  try {
    return std::unique_ptr<RequestRows>(
        new RequestRows(std::make_unique<Connection>(file, std::move(*session))));
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, file));
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
      c.row = record;
      c.whole = record.whole ? 1 : 0;
      c.insert.execute(true);
    }
    transaction.commit();
    return {};
  } catch (const soci::soci_error& error) {
    return fail(database_error(error, c.file));
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
    return fail(database_error(error, c.file));
  }
}

}  // namespace recorte::db
