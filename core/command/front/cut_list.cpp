// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/id.hpp"
#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/command/front/cut.hpp"
#include "core/command/front/destination.hpp"
#include "core/cutout/parameters.hpp"
#include "core/store/output_file.hpp"
#include "core/table/csv.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace recorte::command {
namespace {

constexpr std::size_t kRowsPerTask = 64;
constexpr std::size_t kBadRowsNamed = 10;
/// Exit status when some rows failed; when none did but some lie outside the survey.
constexpr int kSomeFailed = 10;
constexpr int kSomeOutside = 4;

struct Row {
  std::string id, file;
  cutout::CutoutRequest request;
  std::string status = "failed", message;
  std::int64_t bytes = 0;
  double coverage = 0;
  std::string images;
};

/// Letters, digits and -_.+ stay: a name for a file, from any id.
std::string file_name(const std::string& id) {
  std::string out;
  for (const char c : id.substr(0, 128))
    out += std::isalnum(static_cast<unsigned char>(c)) ||
                   std::string_view("-_.+").find(c) != std::string_view::npos
               ? c
               : '_';
  return out.empty() || out[0] == '.' ? "_" + out : out;
}

/// The parameters of one row: the options', where the row's own do not take their place.
Result<cutout::CutoutRequest> row_request(const CutOptions& options, const Table& list,
                                          const std::vector<std::string>& fields) {
  cutout::RequestDraft draft;
  std::set<std::string> own;
  bool region = false;
  for (std::size_t c = 0; c < fields.size(); ++c) {
    const auto name = lower(list.columns[c]);
    if (fields[c].empty() || !cutout::find_parameter(name)) continue;
    RECORTE_TRY(draft.set(name, fields[c]));
    own.insert(name);
    region = region || name == "circle" || name == "polygon" || name == "range";
  }
  for (const auto& [name, value] : options.parameters)
    if (!own.count(name) && !(region && name == "size")) RECORTE_TRY(draft.set(name, value));
  return draft.finish();
}

/// Validates the list whole, before anything is cut.
Result<std::vector<Row>> read_rows(const CutOptions& options) {
  auto list = table::read_csv(options.positions);
  if (!list) return fail(std::move(list).error());
  if (std::none_of(list->columns.begin(), list->columns.end(),
                   [](const auto& name) { return cutout::find_parameter(name) != nullptr; }))
    return fail(ErrorCode::kUsage, options.positions.string() +
                                       ": the first line must name the "
                                       "columns, such as id,ra,dec; it has " +
                                       join(list->columns, ","));
  const auto id = list->column({"id", "name", "objid"});
  std::vector<Row> rows;
  std::vector<std::string> bad;
  std::set<std::string> used;
  for (std::size_t i = 0; i < list->rows.size(); ++i) {
    auto request = row_request(options, *list, list->rows[i]);
    if (!request) {
      if (bad.size() == kBadRowsNamed) break;
      bad.push_back(list->where(i) + ": " + request.error().message);
      continue;
    }
    Row row;
    row.id = id ? list->rows[i][*id] : std::to_string(i + 1);
    row.file = file_name(row.id);
    for (auto number = i + 1; !used.insert(row.file).second; ++number)
      row.file = file_name(row.id) + "_" + std::to_string(number);
    row.file += cutout::file_ending(request->format);
    row.request = std::move(*request);
    rows.push_back(std::move(row));
  }
  if (!bad.empty())
    return fail(ErrorCode::kUsage,
                "the list cannot be used; nothing was cut\n  " + join(bad, "\n  "));
  if (rows.empty()) return fail(ErrorCode::kUsage, options.positions.string() + " has no rows");
  return rows;
}

/// Neighbours together, so that a worker finds its images open: by survey, strips of declination,
/// RA.
std::vector<std::size_t> neighbours_first(const std::vector<Row>& rows) {
  std::vector<std::tuple<std::string, double, double, std::size_t>> keys;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto centre = sky::to_position(sky::bounding_cap(rows[i].request.stencil, 0).centre);
    keys.emplace_back(rows[i].request.survey, std::floor(centre.dec * 4), centre.ra, i);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<std::size_t> order;
  for (const auto& key : keys) order.push_back(std::get<3>(key));
  return order;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == text.npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string manifest_of(const std::vector<Row>& rows) {
  std::string out = "row,id,status,file,bytes,coverage,images,message,request\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& r = rows[i];
    const bool made = r.status == "ok";
    out += join({std::to_string(i + 1), csv_field(r.id), r.status, made ? r.file : "",
                 std::to_string(r.bytes), number_text(r.coverage), csv_field(r.images),
                 csv_field(r.message), csv_field(cutout::canonical(r.request))},
                ",") +
           "\n";
  }
  return out;
}

void take_outcome(Row& row, const cutout::Outcome& outcome) {
  if (outcome.error) {
    row.status = outcome.error->code == ErrorCode::kNoCoverage ? "no_coverage" : "failed";
    row.message = outcome.error->message;
    return;
  }
  row.status = "ok";
  row.message = join(outcome.warnings, "; ");
  row.bytes = outcome.bytes;
  row.coverage = outcome.coverage;
  std::vector<std::string> ids;
  for (const auto& image : outcome.images) ids.push_back(image.id);
  row.images = join(ids, " ");
}

class ListRun {
 public:
  ListRun(const CutOptions& options, std::vector<Row>& rows, Destination& destination)
      : options_(options),
        rows_(rows),
        destination_(destination),
        order_(neighbours_first(rows)),
        pool_(options.pool) {}

  Status run() {
    std::vector<std::thread> threads;
    const auto chunks = (order_.size() + kRowsPerTask - 1) / kRowsPerTask;
    for (std::size_t i = 0; i < std::min(chunks, options_.pool.workers); ++i)
      threads.emplace_back([this] { work(); });
    for (auto& thread : threads) thread.join();
    return trouble_ ? Status(fail(*trouble_)) : Status();
  }

 private:
  void work() {
    for (;;) {
      const auto begin = next_.fetch_add(kRowsPerTask);
      if (begin >= order_.size() || stop_) return;
      const auto end = std::min(begin + kRowsPerTask, order_.size());
      if (auto done = chunk({order_.begin() + static_cast<std::ptrdiff_t>(begin),
                             order_.begin() + static_cast<std::ptrdiff_t>(end)});
          !done) {
        const std::lock_guard lock(mutex_);
        trouble_ = done.error();
        stop_ = true;
      }
    }
  }

  /// A chunk that costs its worker is done again row by row, so that one bad position fails alone.
  Status chunk(const std::vector<std::size_t>& rows) {
    auto sink = store::open_unnamed(destination_.directory());
    if (!sink) return fail(std::move(sink).error());
    auto task = new_task(options_, cutout::Lane::kBatch);
    for (const auto row : rows) task.items.push_back({row, rows_[row].request, {}});
    auto report = pool_.run(task, sink->get());
    if (!report && rows.size() > 1) {
      for (const auto row : rows) RECORTE_TRY(chunk({row}));
      return {};
    }
    if (!report) {
      rows_[rows.front()].message = report.error().message;
      return {};
    }
    const std::lock_guard lock(mutex_);
    for (const auto& outcome : report->outcomes) {
      auto& row = rows_[outcome.row];
      take_outcome(row, outcome);
      if (row.status == "ok")
        RECORTE_TRY(destination_.add(row.file, sink->get(), outcome.offset, outcome.bytes));
    }
    return {};
  }

  const CutOptions& options_;
  std::vector<Row>& rows_;
  Destination& destination_;
  std::vector<std::size_t> order_;
  worker::Pool pool_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::optional<Error> trouble_;
};

}  // namespace

Result<int> cut_list(const CutOptions& options) {
  auto rows = read_rows(options);
  if (!rows) return fail(std::move(rows).error());
  auto destination = Destination::open(options.output);
  if (!destination) return fail(std::move(destination).error());
  RECORTE_TRY(ListRun(options, *rows, *destination).run());
  RECORTE_TRY(destination->finish(manifest_of(*rows)));
  std::map<std::string, std::size_t> count;
  for (const auto& row : *rows) ++count[row.status];
  std::fprintf(stderr, "recorte: %zu cutouts, %zu outside the survey, %zu failed\n", count["ok"],
               count["no_coverage"], count["failed"]);
  for (const auto& row : *rows)
    if (row.status == "failed") {
      std::fprintf(stderr, "recorte: %s: %s\n", row.id.c_str(), row.message.c_str());
      break;
    }
  return count["failed"] > 0 ? kSomeFailed : count["no_coverage"] > 0 ? kSomeOutside : 0;
}

}  // namespace recorte::command
