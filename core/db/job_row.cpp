// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/job_row.hpp"

#include "core/base/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace recorte::db {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 2> kFaces{"soda", "api"};

/// Every column but the id: its name, and where it stands in the row. `visit(name, member)`.
template <class Row, class Visit>
void each_column(Row& row, Visit visit) {
  visit("face", row.face);
  visit("phase", row.phase);
  visit("visibility", row.visibility);
  visit("owner", row.owner);
  visit("owner_groups", row.owner_groups);
  visit("run_id", row.run_id);
  visit("created", row.created);
  visit("started", row.started);
  visit("ended", row.ended);
  visit("quote", row.quote);
  visit("destruction", row.destruction);
  visit("execution_seconds", row.execution_seconds);
  visit("parameters", row.parameters);
  visit("list_name", row.list_name);
  visit("positions", row.positions);
  visit("products", row.products);
  visit("outside", row.outside);
  visit("ok", row.ok);
  visit("partial", row.partial);
  visit("no_coverage", row.no_coverage);
  visit("failed", row.failed);
  visit("bytes", row.bytes);
  visit("work_us", row.work_us);
  visit("error_code", row.error_code);
  visit("error", row.error);
  visit("rounds", row.rounds);
  visit("version", row.version);
  visit("server", row.server);
  visit("lease", row.lease);
  visit("links", row.links);
  visit("service", row.service);
  visit("priority", row.priority);
  visit("place", row.place);
  visit("hold", row.hold);
  visit("hold_until", row.hold_until);
  visit("queued", row.queued);
  visit("charged", row.charged);
  visit("charged_day", row.charged_day);
  visit("kind", row.kind);
  visit("pixels", row.pixels);
  visit("predicted_low_us", row.predicted_low_us);
  visit("predicted_us", row.predicted_us);
  visit("predicted_high_us", row.predicted_high_us);
  visit("predicted_bytes", row.predicted_bytes);
  visit("predicted_wait_us", row.predicted_wait_us);
}

/// The names of all columns but the id, each through `text(name)`, with commas between.
template <class Text>
std::string columns(Text text) {
  std::string out;
  JobRow row;
  each_column(row, [&](const char* name, auto&) {
    out += out.empty() ? "" : ", ";
    out += text(std::string(name));
  });
  return out;
}

/// Runs a statement that binds every column by its name, and the id.
void run_with(soci::session& session, const std::string& sql, JobRow& row) {
  soci::statement statement(session);
  statement.alloc();
  each_column(row, [&](const char* name, auto& member) {
    statement.exchange(soci::use(member, std::string(name)));
  });
  statement.exchange(soci::use(row.id, std::string("id")));
  statement.prepare(sql, soci::details::st_one_time_query);
  statement.define_and_bind();
  statement.execute(true);
}

Error damaged(const JobRow& row, const std::string& column) {
  return {ErrorCode::kData, "the record of job " + row.id + " is damaged: its " + column +
                                " is not as this program writes it"};
}

}  // namespace

JobRow row_of(const job::Job& job) {
  JobRow row;
  row.id = job.id;
  row.face = kFaces[static_cast<std::size_t>(job.face)];
  row.phase = name_of(job.phase);
  row.visibility = static_cast<int>(job.visibility);
  row.owner = good_utf8(job.owner);
  auto groups = json::array();
  for (const auto& group : job.groups) groups.push_back(good_utf8(group));
  row.owner_groups = groups.dump();
  row.run_id = good_utf8(job.run_id);
  row.created = job.created;
  row.started = job.started;
  row.ended = job.ended;
  row.quote = job.quote;
  row.destruction = job.destruction;
  row.execution_seconds = job.execution_seconds;
  auto parameters = json::array();
  for (const auto& [name, value] : job.parameters)
    parameters.push_back(json::array({good_utf8(name), good_utf8(value)}));
  row.parameters = parameters.dump();
  row.list_name = good_utf8(job.list);
  row.positions = job.positions;
  row.products = job.products;
  row.outside = job.outside;
  row.ok = job.tally.ok;
  row.partial = job.tally.partial;
  row.no_coverage = job.tally.no_coverage;
  row.failed = job.tally.failed;
  row.bytes = job.tally.bytes;
  row.work_us = job.tally.work_us;
  if (job.error) {
    row.error_code = error_row(job.error->code).name;
    row.error = good_utf8(job.error->message);
  }
  row.rounds = job.rounds;
  row.version = job.version;
  row.links = job.links;
  row.server = good_utf8(job.server);
  row.lease = job.lease;
  row.service = good_utf8(job.service);
  row.priority = good_utf8(job.priority);
  row.place = job.place;
  row.hold = job::kHoldNames[static_cast<std::size_t>(job.hold)];
  row.hold_until = job.hold_until;
  row.queued = job.queued;
  row.charged = job.charged;
  row.kind = good_utf8(job.prediction.kind);
  row.pixels = job.prediction.pixels;
  row.predicted_low_us = job.prediction.low;
  row.predicted_us = job.prediction.middle;
  row.predicted_high_us = job.prediction.high;
  row.predicted_bytes = job.prediction.bytes;
  row.predicted_wait_us = job.prediction.wait;
  return row;
}

Result<job::Job> job_of(const JobRow& row) {
  job::Job job;
  job.id = row.id;
  const auto* const face = std::ranges::find(kFaces, row.face);
  if (face == kFaces.end()) return fail(damaged(row, "face"));
  job.face = static_cast<job::Face>(face - kFaces.begin());
  const auto phase = job::phase_from_name(row.phase);
  if (!phase) return fail(damaged(row, "phase"));
  job.phase = *phase;
  if (row.visibility < 0 || row.visibility > 2) return fail(damaged(row, "visibility"));
  job.visibility = static_cast<job::Visibility>(row.visibility);
  job.owner = row.owner;
  auto groups = names_of(row.owner_groups);
  if (!groups) return fail(damaged(row, "JSON"));
  job.groups = std::move(*groups);
  try {
    for (const auto& pair : json::parse(row.parameters))
      job.parameters.push_back({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
  } catch (const json::exception&) {
    return fail(damaged(row, "JSON"));
  }
  job.run_id = row.run_id;
  job.created = row.created;
  job.started = row.started;
  job.ended = row.ended;
  job.quote = row.quote;
  job.destruction = row.destruction;
  job.execution_seconds = row.execution_seconds;
  job.list = row.list_name;
  job.positions = row.positions;
  job.products = row.products;
  job.outside = row.outside;
  job.tally = {row.ok, row.partial, row.no_coverage, row.failed, row.bytes, row.work_us};
  if (!row.error_code.empty()) job.error = Error{error_from_name(row.error_code), row.error};
  job.rounds = row.rounds;
  job.version = row.version;
  job.links = row.links;
  job.server = row.server;
  job.lease = row.lease;
  job.service = row.service;
  job.priority = row.priority;
  job.place = row.place;
  const auto* const hold = std::ranges::find(job::kHoldNames, row.hold);
  if (hold == job::kHoldNames.end()) return fail(damaged(row, "hold"));
  job.hold = static_cast<job::Hold>(hold - job::kHoldNames.begin());
  job.hold_until = row.hold_until;
  job.queued = row.queued;
  job.charged = row.charged;
  job.prediction = {row.kind,
                    row.pixels,
                    row.predicted_low_us,
                    row.predicted_us,
                    row.predicted_high_us,
                    row.predicted_bytes,
                    row.predicted_wait_us};
  return job;
}

std::optional<std::vector<std::string>> names_of(const std::string& text) {
  try {
    return json::parse(text).get<std::vector<std::string>>();
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

Result<std::vector<job::Job>> jobs_of(const std::vector<JobRow>& rows) {
  std::vector<job::Job> out;
  out.reserve(rows.size());
  for (const auto& row : rows) {
    auto job = job_of(row);
    if (!job) return fail(std::move(job).error());
    out.push_back(std::move(*job));
  }
  return out;
}

std::vector<JobRow> select_jobs(soci::session& session, const std::string& tail, const Bind& bind) {
  static const std::string text =
      "select " + columns([](const std::string& name) { return name; }) + ", id from job ";
  JobRow row;
  soci::statement statement(session);
  statement.alloc();
  each_column(row, [&](const char*, auto& member) { statement.exchange(soci::into(member)); });
  statement.exchange(soci::into(row.id));
  if (bind) bind(statement);
  statement.prepare(text + tail, soci::details::st_one_time_query);
  statement.define_and_bind();
  std::vector<JobRow> out;
  for (bool more = statement.execute(true); more; more = statement.fetch()) out.push_back(row);
  return out;
}

void insert_job(soci::session& session, JobRow row) {
  static const std::string text =
      "insert into job (" + columns([](const std::string& name) { return name; }) +
      ", id) values (" + columns([](const std::string& name) { return ":" + name; }) + ", :id)";
  run_with(session, text, row);
}

void update_job(soci::session& session, JobRow row) {
  static const std::string text =
      "update job set " + columns([](const std::string& name) { return name + " = :" + name; }) +
      " where id = :id";
  run_with(session, text, row);
}

}  // namespace recorte::db
