// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/history.hpp"

#include "core/base/utf8.hpp"
#include "core/db/migrate.hpp"
#include "core/db/sessions.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace recorte::db {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 5s;
constexpr double kSecond = 1e6;
constexpr long long kBatch = 500;  // rows in a transaction that removes them
constexpr std::array<std::string_view, 2> kLanes{"sync", "batch"};

struct Row {
  std::string id, kind, lane;
  long long time = 0, products = 0, hands = 0, work = 0, took = 0, waited = 0, bytes = 0;
  long long low = 0, middle = 0, high = 0, predicted_bytes = 0;
  double pixels = 0;
};

/// Every column: its name, and where it stands in the row.
template <class Visit>
void each_column(Row& row, Visit visit) {
  visit("time", row.time);
  visit("id", row.id);
  visit("kind", row.kind);
  visit("lane", row.lane);
  visit("products", row.products);
  visit("pixels", row.pixels);
  visit("hands", row.hands);
  visit("work_us", row.work);
  visit("took_us", row.took);
  visit("waited_us", row.waited);
  visit("bytes", row.bytes);
  visit("predicted_low_us", row.low);
  visit("predicted_us", row.middle);
  visit("predicted_high_us", row.high);
  visit("predicted_bytes", row.predicted_bytes);
}

std::string columns(std::string_view before) {
  std::string out;
  Row row;
  each_column(row, [&](const char* name, auto&) {
    out += out.empty() ? "" : ", ";
    out += std::string(before) + name;
  });
  return out;
}

long long micros(double seconds) { return std::llround(seconds * kSecond); }
double seconds(long long micros) { return static_cast<double>(micros) / kSecond; }

Row row_of(const schedule::Run& run) {
  Row out;
  out.time = run.ended;
  out.id = good_utf8(run.id);
  out.kind = good_utf8(run.work.kind);
  out.lane = kLanes.at(static_cast<std::size_t>(run.work.lane));
  out.products = run.work.products;
  out.pixels = run.work.pixels;
  out.hands = std::llround(run.hands);
  out.work = micros(run.work_s);
  out.took = micros(run.took_s);
  out.waited = micros(run.waited_s);
  out.bytes = run.bytes;
  out.low = micros(run.predicted_s.low);
  out.middle = micros(run.predicted_s.middle);
  out.high = micros(run.predicted_s.high);
  out.predicted_bytes = run.predicted_bytes;
  return out;
}

schedule::Run run_of(const Row& row) {
  schedule::Run out;
  out.work = {row.kind,
              row.lane == kLanes.front() ? schedule::RunLane::kSync : schedule::RunLane::kBatch,
              row.products, row.pixels};
  out.id = row.id;
  out.ended = row.time;
  out.hands = static_cast<double>(row.hands);
  out.work_s = seconds(row.work);
  out.took_s = seconds(row.took);
  out.waited_s = seconds(row.waited);
  out.bytes = row.bytes;
  out.predicted_s = {seconds(row.low), seconds(row.middle), seconds(row.high)};
  out.predicted_bytes = row.predicted_bytes;
  return out;
}

/// The last of a kind, newest first; `kind` and `lane` stay bound while it runs.
void append_latest(soci::session& session, const Row& of, long long most,
                   std::vector<schedule::Run>& out) {
  Row row;
  soci::statement statement(session);
  statement.alloc();
  each_column(row, [&](const char*, auto& member) { statement.exchange(soci::into(member)); });
  statement.exchange(soci::use(of.kind, "of_kind"));
  statement.exchange(soci::use(of.lane, "of_lane"));
  statement.prepare(
      "select " + columns("") +
      " from run where kind = :of_kind and lane = :of_lane order by time desc, id desc limit " +
      std::to_string(most));
  statement.define_and_bind();
  for (bool more = statement.execute(true); more; more = statement.fetch())
    out.push_back(run_of(row));
}

}  // namespace

struct History::Parts {
  explicit Parts(const Database& database)
      : sessions(database, {.most = 2, .patience = kPatience, .durability = Durability::kProcess}) {
  }
  Sessions sessions;
};

Result<std::unique_ptr<schedule::History>> History::open(const Database& database) {
  RECORTE_TRY(open_schema(database, kPatience));
  return std::unique_ptr<schedule::History>(new History(std::make_unique<Parts>(database)));
}

History::History(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
History::~History() = default;

Status History::add(const schedule::Run& run) {
  static const std::string text = "insert into run (" + columns("") + ") values (" + columns(":") +
                                  ") on conflict (time, id) do nothing";
  auto row = row_of(run);
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    soci::statement statement(session);
    statement.alloc();
    each_column(row, [&](const char* name, auto& member) {
      statement.exchange(soci::use(member, std::string(name)));
    });
    statement.prepare(text, soci::details::st_one_time_query);
    statement.define_and_bind();
    statement.execute(true);
    return {};
  });
}

Result<std::vector<schedule::Run>> History::latest(std::int64_t of_each_kind) {
  return parts_->sessions.read([&](soci::session& session) -> Result<std::vector<schedule::Run>> {
    std::vector<Row> kinds;
    const soci::rowset<soci::row> rows =
        (session.prepare << "select kind, lane from run group by kind, lane");
    for (const auto& row : rows) {
      auto& kind = kinds.emplace_back();
      kind.kind = row.get<std::string>(0);
      kind.lane = row.get<std::string>(1);
    }
    std::vector<schedule::Run> out;
    for (const auto& kind : kinds) append_latest(session, kind, of_each_kind, out);
    std::ranges::sort(out, [](const schedule::Run& a, const schedule::Run& b) {
      return std::tie(a.ended, a.id) < std::tie(b.ended, b.id);
    });
    return out;
  });
}

Result<std::int64_t> History::forget(Micros before) {
  for (std::int64_t all = 0;;) {
    const Result<long long> some =
        parts_->sessions.write([&](soci::session& session, bool) -> Result<long long> {
          soci::statement remove =
              (session.prepare << "delete from run where (time, id) in (select time, id from run "
                                  "where time < :before order by time, id limit " +
                                      std::to_string(kBatch) + ")",
               soci::use(before));
          remove.execute(true);
          return remove.get_affected_rows();
        });
    if (!some) return fail(some.error());
    all += *some;
    if (*some < kBatch) return all;
  }
}

}  // namespace recorte::db
