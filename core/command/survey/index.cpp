// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/survey/index.hpp"

#include "core/base/text.hpp"
#include "core/command/survey/progress.hpp"
#include "core/command/tools/tools.hpp"
#include "core/coverage/files.hpp"
#include "core/inspect/publish.hpp"
#include "core/plugin/survey_settings.hpp"

#include <algorithm>
#include <cstdio>

namespace recorte::command {
namespace {

constexpr std::size_t kSkippedShown = 20;

/// What the adapter brings, of a survey whose images are found by its index.
Result<config::Document> complete(const config::Document& file, const plugin::Registry& plugins) {
  auto settings = plugin::complete_survey(file, plugins);
  if (!settings) return fail(std::move(settings).error());
  const auto& manifest = settings->adapter->manifest;
  if (!manifest.indexed)
    return fail(file.error("/survey/plugin",
                           "the adapter " + manifest.id +
                               " finds its images by itself: there is nothing to index, and the "
                               "survey is served as it is"));
  return std::move(settings->document);
}

}  // namespace

void print(const survey::IndexReport& report, bool all_skipped) {
  if (report.images > 0) {
    std::vector<std::string> bands;
    for (const auto& [name, count] : report.bands)
      bands.push_back(name + " (" + std::to_string(count) + ")");
    std::printf("%zu image%s; bands %s\n", report.images, report.images == 1 ? "" : "s",
                join(bands, ", ").c_str());
    std::printf("files: %zu added, %zu changed, %zu unchanged, %zu removed, %zu skipped\n",
                report.added, report.changed, report.unchanged, report.removed,
                report.skipped.size());
    std::printf("survey file: %s%s\n", report.toml.c_str(),
                report.toml_written ? " (new: read it, it has questions)" : "");
    std::printf("index: %s\n", report.index.c_str());
  }
  if (const auto& seek = report.seek) {
    std::printf(
        "places in compressed images: %lld files, %lld of them new, %lld old ones removed; "
        "%.1f MB in %s\n",
        static_cast<long long>(seek->files), static_cast<long long>(seek->written),
        static_cast<long long>(seek->removed), static_cast<double>(seek->bytes) / 1e6,
        survey::seek_directory(report.index).c_str());
    for (const auto& failed : seek->failed) std::printf("no places: %s\n", failed.reason.c_str());
  }
  const auto shown =
      all_skipped ? report.skipped.size() : std::min(report.skipped.size(), kSkippedShown);
  for (std::size_t i = 0; i < shown; ++i)
    std::printf("skipped %s: %s\n", report.skipped[i].path.c_str(),
                report.skipped[i].reason.c_str());
  if (shown < report.skipped.size())
    std::printf("skipped %zu more; --verbose names them\n", report.skipped.size() - shown);
}

Result<survey::IndexReport> run_index(survey::IndexOptions options, const inspect::Where& where,
                                      bool all_skipped) {
  const auto plugins = plugin::Registry::scan(where.plugins);
  options.complete = [&](const config::Document& file) { return complete(file, plugins); };
  options.progress = [](std::size_t done, std::size_t total) {
    show_progress("files", done, total);
  };
  auto report = survey::index_survey(options);
  if (!report) return report;
  print(*report, all_skipped);
  if (report->images == 0)
    return fail(ErrorCode::kNotFound, "no image was found in " + report->root.string() +
                                          "; nothing was written, and an index from before "
                                          "stays as it is");
  return report;
}

Status make_coverage(const inspect::Where& where, const std::string& name) {
  const auto made = inspect::publish_coverage(where, name, [](std::size_t done, std::size_t total) {
    show_progress("coverage", done, total);
  });
  const auto directory = coverage::directory_of(where.surveys, name);
  if (!made) return fail(made.error());
  if (!*made)
    std::printf(
        "no coverage: no image is for everyone who sees the survey, and says where it is\n");
  else
    std::printf("coverage: %s, and as a MOC %s\n", (directory / coverage::kPictureFile).c_str(),
                (directory / coverage::kMocFitsFile).c_str());
  return {};
}

int index_survey(survey::IndexOptions options, const inspect::Where& where, bool all_skipped) {
  const auto report = run_index(std::move(options), where, all_skipped);
  if (!report) return complain(report.error());
  const auto made = make_coverage(where, report->toml.stem());
  return made ? 0 : complain(made.error());
}

}  // namespace recorte::command
