// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/stats/stats.hpp"

#include "core/base/io.hpp"
#include "core/command/tools/tools.hpp"
#include "core/config/settings_at.hpp"
#include "core/db/database.hpp"
#include "core/db/history.hpp"
#include "core/schedule/agreement.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path config, data;
  std::int64_t last = 1'000;
};

Result<db::Database> database_of(const Options& options) {
  const auto settings = config::settings_at(options.config, options.data);
  if (!settings) return fail(settings.error());
  auto database = db::Database::at(settings->database.url, settings->data);
  std::error_code error;
  if (database && database->embedded() && !fs::exists(database->file(), error))
    return fail(ErrorCode::kNotFound,
                "there is no database " + database->name() + "; see --data and --config");
  return database;
}

/// "84 %"; "-" of nothing.
std::string share(std::size_t part, std::size_t all) {
  if (all == 0) return "-";
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), "%.0f %%",
                100 * static_cast<double>(part) / static_cast<double>(all));
  return out.data();
}

std::string factor(double value, std::size_t of) {
  if (of == 0) return "-";
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), "%.2f", value);
  return out.data();
}

Status estimates(const Options& options) {
  const auto database = database_of(options);
  if (!database) return fail(database.error());
  auto history = db::History::open(*database);
  if (!history) return fail(std::move(history).error());
  const auto runs = (*history)->latest(options.last);
  if (!runs) return fail(runs.error());
  if (runs->empty()) {
    std::printf("%s has no runs yet\n", database->name().c_str());
    return {};
  }
  const auto rows = schedule::agreement(*runs);
  std::size_t wide = 4;
  for (const auto& row : rows) wide = std::max(wide, row.kind.size());
  const auto print = [&](const std::string& kind, const char* lane, const std::string& count,
                         const std::string& band, const std::string& off, const std::string& near,
                         const std::string& size) {
    std::printf("%-*s  %-5s  %5s  %7s  %8s  %10s  %8s\n", static_cast<int>(wide), kind.c_str(),
                lane, count.c_str(), band.c_str(), off.c_str(), near.c_str(), size.c_str());
  };
  print("kind", "lane", "runs", "in band", "time off", "bytes near", "size off");
  for (const auto& row : rows)
    print(row.kind, row.lane == schedule::RunLane::kSync ? "sync" : "batch",
          std::to_string(row.runs), share(row.in_band, row.told),
          factor(row.typical_factor, row.told), share(row.near_size, row.sized),
          factor(row.typical_size_factor, row.sized));
  std::printf(
      "\nin band: took between what was said to be 10 and 90 %%, which 80 %% should.\n"
      "bytes near: within 10 %%. off: the factor by which half of the runs were off, at most.\n");
  return {};
}

}  // namespace

int stats(int argc, char** argv) {
  CLI::App app("Says how the service does.", "recorte stats");
  Options options;
  auto* sub = app.add_subcommand("estimates", "How well what was foretold of runs came true");
  sub->add_option("--config", options.config, "The configuration, as of serve")->type_name("FILE");
  sub->add_option("--data", options.data, "The directory of the database, as of serve")
      ->type_name("DIR");
  sub->add_option("--last", options.last, "So many runs of each kind, the last")
      ->check(CLI::PositiveNumber)
      ->type_name("COUNT");
  app.require_subcommand(1);
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const auto done = estimates(options);
  const auto flushed = flush_standard_output();
  if (!done) return complain(done.error());
  return flushed ? 0 : complain(flushed.error());
}

}  // namespace recorte::command
