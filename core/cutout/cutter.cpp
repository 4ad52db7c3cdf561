// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/cutter.hpp"

#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "core/base/version.hpp"
#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/locate.hpp"
#include "core/cutout/params.hpp"
#include "core/cutout/product.hpp"
#include "core/cutout/services/services.hpp"
#include "core/cutout/version_text.hpp"

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace recorte::cutout {
namespace {

plugin::Call::Options call_options(const Task& task, const Watch& watch) {
  plugin::Call::Options options;
  options.request_id = task.id;
  options.memory_budget = task.budget.memory;
  options.deadline_unix_ms = now_micros() / 1000 + task.budget.wall_ms;
  options.poll_cancelled = watch.cancelled;
  options.progress = [&watch](double fraction, std::string_view) { watch.progress(fraction); };
  return options;
}

/// Only the part of each output that the item's window names, counted from the output's own corner.
Status apply_window(std::vector<Outline>& outlines, const sky::PixelRect& window) {
  for (auto& outline : outlines) {
    auto part = window;
    part.x += outline.rect.x;
    part.y += outline.rect.y;
    outline.rect = sky::intersection(outline.rect, part);
    if (outline.rect.empty())
      return fail(ErrorCode::kUsage, "the output window lies outside the product");
  }
  return {};
}

Status within(const std::vector<Outline>& outlines, const Budget& budget) {
  for (const auto& outline : outlines)
    if (outline.rect.width > budget.max_pixels / outline.rect.height)
      return fail(ErrorCode::kTooLarge,
                  "the cutout would have " + std::to_string(outline.rect.width) + " x " +
                      std::to_string(outline.rect.height) + " pixels; the limit is " +
                      std::to_string(budget.max_pixels) +
                      " (max-pixels): ask for a smaller region");
  return {};
}

/// A deadline that passed looks like a cancellation to what it stops.
Error cause(Error error, const Task& task, const Watch& watch) {
  if (error.code != ErrorCode::kCancelled || watch.cancelled()) return error;
  return {ErrorCode::kTimeout, "the task took longer than " + std::to_string(task.budget.wall_ms) +
                                   " ms; ask for less, or allow more time (timeout)"};
}

/// Once the product is made: all that it needed has been opened.
std::string version_of(const Survey& survey, const Algorithm& algorithm, const AlgorithmRun& run,
                       const TaskItem& item) {
  VersionText out;
  out.add(version());
  out.add(survey.plugin);
  out.add(survey.toml);
  out.add(survey.index);
  out.add(algorithm.manifest.id + " " + algorithm.manifest.version);
  for (const auto& [path, stamp] : run.location().looked_at) {
    out.add(path);
    out.add(stamp);
  }
  for (const auto& located : run.location().images) {
    const auto& s = located.source;
    for (const auto& text : {s.id, s.release, s.band, s.version, s.unit}) out.add(text);
  }
  for (const auto* image : run.opened()) {
    out.add(image->file->path());
    out.add(image->stamp);
  }
  if (const auto& w = item.window)
    for (const auto n : {w->x, w->y, w->width, w->height}) out.add(std::to_string(n));
  return out.text();
}

}  // namespace

Cutter::Cutter(const std::filesystem::path& surveys, plugin::Registry registry,
               std::size_t open_files)
    : catalogue_(surveys, std::move(registry), host_), cache_(open_files) {
  host_.offer(RECORTE_FOOTPRINTS_V0, footprints_service());
  host_.offer(RECORTE_RESAMPLE_V0, resample_service());
  host_.offer(RECORTE_STRETCH_V0, stretch_service());
}

Result<Location> Cutter::locate(const TaskItem& item, const Task& task, const Watch& watch) {
  auto survey = catalogue_.survey(item.request.survey, watch);
  if (!survey) return fail(std::move(survey).error());
  auto request = item.request;
  RECORTE_TRY(settle_bands(**survey, request));
  const plugin::Call call(call_options(task, watch));
  return cutout::locate(**survey, request, task.groups, cache_, call, watch)
      .map_error([&](Error error) { return cause(std::move(error), task, watch); });
}

Result<TaskReport> Cutter::run(const Task& task, const Watch& watch, int sink) {
  TaskReport report;
  for (const auto& item : task.items) {
    const auto begin = ::lseek(sink, 0, SEEK_END);
    if (begin < 0) return fail(os_error("the sink of the task cannot be written"));
    Outcome outcome;
    outcome.row = item.row;
    outcome.offset = begin;
    if (auto made = cut(item, task, watch, sink, outcome); !made) {
      if (watch.cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
      outcome = {};
      outcome.row = item.row;
      outcome.error = cause(std::move(made).error(), task, watch);
      if (::ftruncate(sink, begin) != 0)
        return fail(os_error("the sink of the task cannot be written"));
    }
    report.outcomes.push_back(std::move(outcome));
    watch.progress(static_cast<double>(report.outcomes.size()) /
                   static_cast<double>(task.items.size()));
  }
  return report;
}

Status Cutter::cut(const TaskItem& item, const Task& task, const Watch& watch, int sink,
                   Outcome& outcome) {
  auto request = item.request;
  auto survey = catalogue_.survey(request.survey, watch);
  if (!survey) return fail(std::move(survey).error());
  RECORTE_TRY(settle_bands(**survey, request));
  auto algorithm = catalogue_.algorithm(request.algorithm, request.format, watch);
  if (!algorithm) return fail(std::move(algorithm).error());
  auto params = algorithm_params(**algorithm, **survey, request);
  if (!params) return fail(std::move(params).error());
  // A picture needs its three bands only.
  if (request.bands.empty() && params->contains("rgb"))
    request.rgb = params->at("rgb").get<std::vector<std::string>>();

  const auto hits = cache_.hits();
  const auto misses = cache_.misses();
  plugin::Call call(call_options(task, watch));
  auto location = cutout::locate(**survey, request, task.groups, cache_, call, watch);
  if (!location) return fail(std::move(location).error());
  AlgorithmRun run(**algorithm, *location, request, std::move(*params), cache_, call, watch);
  auto outlines = run.outline();
  if (!outlines) return fail(std::move(outlines).error());
  if (item.window) RECORTE_TRY(apply_window(*outlines, *item.window));
  RECORTE_TRY(within(*outlines, task.budget));

  outcome.format = request.format;
  outcome.warnings = location->warnings;
  if (const auto* polygon = std::get_if<sky::Polygon>(&request.stencil);
      polygon && polygon->reversed)
    outcome.warnings.emplace_back(
        "the polygon ran clockwise, which means its complement, and was turned round");
  outcome.width = outlines->front().rect.width;
  outcome.height = outlines->front().rect.height;
  for (const auto& located : location->images) {
    const auto* plane = located.source.plane(RECORTE_IMAGE);
    outcome.images.push_back(
        {located.source.id, located.source.band, plane->path, located.image->info.hdu.number});
    outcome.coverage = std::max(outcome.coverage, located.selection.coverage);
    if (outcome.bands.empty() || outcome.bands.back() != located.source.band)
      outcome.bands.push_back(located.source.band);
  }
  const auto& manifest = (*algorithm)->manifest;
  outcome.adapter = (*survey)->plugin;
  outcome.algorithm = manifest.id + " " + manifest.version;
  const Provenance provenance{canonical(item.request),
                              (*survey)->id,
                              request.release.empty() ? (*survey)->release : request.release,
                              outcome.adapter,
                              outcome.algorithm,
                              outcome.warnings,
                              now_micros()};
  RECORTE_TRY(request.format == Format::kPng
                  ? write_png(run, *outlines, provenance, watch, sink, outcome)
                  : write_fits(run, *outlines, provenance, watch, sink, outcome));
  outcome.version = version_of(**survey, **algorithm, run, item);
  outcome.cache_hits = cache_.hits() - hits;
  outcome.cache_misses = cache_.misses() - misses;
  return {};
}

}  // namespace recorte::cutout
