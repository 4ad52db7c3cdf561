// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/front/cut.hpp"

#include "core/base/id.hpp"
#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/cutout/parameters.hpp"
#include "core/store/output_file.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>

namespace recorte::command {
namespace {

/// Endings of pictures that are not made: whoever names one does not want FITS.
constexpr std::array<std::string_view, 4> kNotMade{".gif", ".tif", ".tiff", ".webp"};
constexpr std::uint64_t kLeastShard = 1ULL << 20, kLargestShard = 1ULL << 40;
/// What a worker itself needs.
constexpr std::uint64_t kLeastMemory = 64ULL << 20;

Result<cutout::CutoutRequest> request_of(const CutOptions& options) {
  cutout::RequestDraft draft;
  bool format_given = false;
  for (const auto& [name, value] : options.parameters) {
    RECORTE_TRY(draft.set(name, value));
    format_given = format_given || name == "format";
  }
  // What the file's name says, where nothing else does.
  const auto ending = lower(std::filesystem::path(options.output).extension().string());
  if (!format_given && ending == ".png") RECORTE_TRY(draft.set("format", "png"));
  if (!format_given && (ending == ".jpg" || ending == ".jpeg"))
    RECORTE_TRY(draft.set("format", "jpeg"));
  if (!format_given && std::find(kNotMade.begin(), kNotMade.end(), ending) != kNotMade.end())
    return fail(ErrorCode::kUsage,
                options.output + ": no " + ending.substr(1) +
                    " is made; write a .png, a .jpg or a .fits, or say --format");
  return draft.finish();
}

Status cut_into(const CutOptions& options, const cutout::CutoutRequest& request, int sink) {
  auto task = new_task(options, cutout::Lane::kRealTime);
  task.items.push_back({0, request, {}});
  worker::Pool pool(options.pool);
  auto report = pool.run(task, sink);
  if (!report) return fail(std::move(report).error());
  const auto& outcome = report->outcomes.at(0);
  if (outcome.error && outcome.error->code == ErrorCode::kUnavailable)
    return fail(outcome.error->code, options.output + ": " + outcome.error->message);
  if (outcome.error) return fail(*outcome.error);
  for (const auto& warning : outcome.warnings)
    std::fprintf(stderr, "recorte: warning: %s\n", warning.c_str());
  return {};
}

Status cut_one(const CutOptions& options) {
  auto request = request_of(options);
  if (!request) return fail(std::move(request).error());
  if (options.output == "-") {
    auto unnamed = store::open_unnamed(std::filesystem::temp_directory_path());
    if (!unnamed) return fail(std::move(unnamed).error());
    RECORTE_TRY(cut_into(options, *request, unnamed->get()));
    return copy_range(unnamed->get(), 0, ::lseek(unnamed->get(), 0, SEEK_END), STDOUT_FILENO);
  }
  auto file = store::OutputFile::open(options.output);
  if (!file) return fail(std::move(file).error());
  RECORTE_TRY(cut_into(options, *request, file->descriptor()));
  return file->publish();
}

const char* environment(const char* name, const char* fallback) {
  const char* value = std::getenv(name);
  return value && *value ? value : fallback;
}

}  // namespace

int complain(const Error& error) {
  std::fprintf(stderr, "recorte: %s\n", error.message.c_str());
  return error_row(error.code).exit_code;
}

cutout::Task new_task(const CutOptions& options, cutout::Lane lane) {
  cutout::Task task;
  task.id = random_hex(8);
  task.lane = lane;
  task.budget = options.budget;
  return task;
}

int cut(int argc, char** argv) {
  CutOptions options;
  CLI::App app("Cuts a patch of sky out of a survey, into FITS, PNG or JPEG.", "recorte cut");
  for (const auto& row : cutout::parameters()) {
    const std::string name(row.name);
    auto* option = app.add_option_function<std::vector<std::string>>(
        "--" + name,
        [&options, name](const std::vector<std::string>& values) {
          for (const auto& value : values) options.parameters.emplace_back(name, value);
        },
        std::string(row.help) + " Example: " + std::string(row.example));
    // One value each time it is given; a second time is the request's to refuse.
    option->type_name(std::string(row.syntax))
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  options.pool.worker.surveys = environment("RECORTE_SURVEYS", "surveys.d");
  options.pool.workers = std::max(1U, std::thread::hardware_concurrency());
  options.pool.program = program_directory() / "recorte-worker";
  std::string memory = "2GiB";
  double timeout = 60;
  std::uint64_t shard_size = 1ULL << 30;
  std::string layout = "plain";
  app.add_option(
         "-o,--output", options.output,
         "The file to write; - is standard output. With --positions: a .tar, .zip or .h5, or a "
         "directory")
      ->type_name("FILE")
      ->required();
  app.add_option(
         "--positions", options.positions,
         "A CSV list with the columns id, ra, dec; other columns named as parameters override them")
      ->type_name("FILE.csv");
  app.add_option("--layout", layout,
                 "Files of a list: plain, or webdataset: one a band and a JSON for each row")
      ->check(CLI::IsMember({"plain", "webdataset"}))
      ->type_name("NAME");
  app.add_option("--shard-size", shard_size, "Bytes of arrays in an HDF5 file of a list")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("1GiB");
  app.add_option("--surveys", options.pool.worker.surveys,
                 "The directory of survey files; else RECORTE_SURVEYS, else surveys.d")
      ->type_name("DIR");
  app.add_option("--plugins", options.pool.worker.plugins,
                 "A directory of plugins; may be repeated")
      ->type_name("DIR");
  app.add_option("--jobs", options.pool.workers, "Workers for a list")->check(CLI::Range(1, 1024));
  app.add_option("--timeout", timeout, "Seconds that a cutout (or some dozens of a list) may take")
      ->check(CLI::Range(0.001, 1e6));
  app.add_option("--max-pixels", options.budget.max_pixels, "Pixels that a cutout may have")
      ->check(CLI::Range(1.0, 1e12));
  app.add_option("--memory", options.pool.worker.memory,
                 "Memory that a worker may have: 512MiB, 2GiB")
      ->transform(CLI::AsSizeValue(false))
      ->default_str(memory);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return complain(
        {ErrorCode::kUsage, std::string(error.what()) + " (recorte cut --help lists the options)"});
  }
  if (options.pool.worker.memory < kLeastMemory)
    return complain({ErrorCode::kUsage, "a worker needs more memory than " +
                                            std::to_string(options.pool.worker.memory) +
                                            " bytes; write --memory 512MiB"});
  if (shard_size < kLeastShard || shard_size > kLargestShard)
    return complain({ErrorCode::kUsage, "a shard of " + std::to_string(shard_size) +
                                            " bytes; write --shard-size 1GiB (1MiB to 1TiB)"});
  options.layout = layout == "plain" ? Layout::kPlain : Layout::kWebDataset;
  options.shard_bytes = static_cast<std::int64_t>(shard_size);
  options.budget.wall_ms = static_cast<std::int64_t>(timeout * 1000);
  options.budget.memory = options.pool.worker.memory / 2;
  if (!options.positions.empty()) {
    auto status = cut_list(options);
    return status ? *status : complain(status.error());
  }
  auto done = cut_one(options);
  return done ? 0 : complain(done.error());
}

}  // namespace recorte::command
