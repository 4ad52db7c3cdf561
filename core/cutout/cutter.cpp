// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/cutter.hpp"

#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "core/base/version.hpp"
#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/compose.hpp"
#include "core/cutout/cover.hpp"
#include "core/cutout/facts.hpp"
#include "core/cutout/item_log.hpp"
#include "core/cutout/locate.hpp"
#include "core/cutout/params.hpp"
#include "core/cutout/picture.hpp"
#include "core/cutout/product.hpp"
#include "core/cutout/services/services.hpp"
#include "core/cutout/version_text.hpp"
#include "core/plugin/host.hpp"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <set>

namespace recorte::cutout {
namespace {

constexpr std::size_t kLookAfter = 256;

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

Status within(const std::vector<sky::PixelRect>& rects, const Budget& budget) {
  for (const auto& rect : rects)
    if (rect.width > budget.max_pixels / rect.height)
      return fail(ErrorCode::kTooLarge, "the cutout would have " + std::to_string(rect.width) +
                                            " x " + std::to_string(rect.height) +
                                            " pixels; the limit is " +
                                            std::to_string(budget.max_pixels) +
                                            " (max-pixels): ask for a smaller region");
  return {};
}

/// Sizes in pixels are of the product's own pixels, where their scale is given.
void settle_size(CutoutRequest& request) {
  auto* box = std::get_if<sky::Box>(&request.stencil);
  if (!box || request.pixscale == 0) return;
  for (auto* size : {&box->width, &box->height})
    if (size->unit == Extent::Unit::kPixel)
      *size = {size->value * request.pixscale, Extent::Unit::kDegree};
}

/// An algorithm that does not combine has the images' own grids.
Status check_grid(const Algorithm& algorithm, const CutoutRequest& request) {
  if (algorithm.manifest.combines || !wants_another_grid(request)) return {};
  return fail(
      ErrorCode::kUsage,
      "the algorithm " + algorithm.manifest.id +
          " keeps the images' own pixels; leave pixscale, north, width and height out, or ask "
          "for algorithm=mosaic");
}

/// A deadline that passed looks like a cancellation to what it stops.
Error cause(Error error, const Task& task, const Watch& watch) {
  if (error.code != ErrorCode::kCancelled || watch.cancelled()) return error;
  return {ErrorCode::kTimeout, "the task took longer than " + std::to_string(task.budget.wall_ms) +
                                   " ms; ask for less, or allow more time (timeout)"};
}

/// False where it cannot; a sink that keeps its size is written over instead.
bool take_back(int sink, std::int64_t size) {
  return ::ftruncate(sink, size) == 0 || errno == EPERM;
}

/// Names the directory that has no room, say.
Error at_sink(int sink, Error error) {
  std::error_code none;
  const auto file = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(sink), none);
  return {error.code, file.parent_path().string() + ": " + error.message};
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

/// Whose rights went into what is made of these images.
std::vector<account::Need> needs_of(const Survey& survey, const std::vector<Located>& images) {
  std::set<account::Need> out;
  for (const auto& [source, image, selection, planes] : images)
    out.insert({survey.id, source.release, std::string(survey.access.group_of(source.release)),
                std::string(survey.access.group_of_image(source.access_group))});
  return {out.begin(), out.end()};
}

}  // namespace

Cutter::Cutter(const std::filesystem::path& surveys, plugin::Registry registry,
               const CacheLimits& limits, fits::RemoteFiles* remote)
    : catalogue_(surveys, std::move(registry), host_), cache_(limits, remote) {
  offer_services(host_);
}

Result<Location> Cutter::locate(const TaskItem& item, const Task& task, const Watch& watch) {
  auto survey = catalogue_.survey(item.request.survey, watch);
  if (!survey) return fail(std::move(survey).error());
  cache_.seek_in((*survey)->seek_directory);
  auto request = item.request;
  RECORTE_TRY(settle_bands(**survey, request));
  settle_size(request);
  const plugin::Call call(call_options(task, watch));
  return cutout::locate(**survey, request, task.groups, cache_, call, watch)
      .map_error([&](Error error) { return cause(std::move(error), task, watch); });
}

Result<std::string> Cutter::cover(const Task& task, const Watch& watch) {
  std::string out;
  out.reserve(task.items.size());
  const Survey* survey = nullptr;
  const std::string* id = nullptr;
  for (const auto& item : task.items) {
    // Each of them is some microseconds' work: whether all is as it was is asked now and then.
    const bool look = out.size() % kLookAfter == 0;
    if (look) {
      if (watch.cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
      watch.finished(out.size());
    }
    if (look || *id != item.request.survey) {
      survey = catalogue_.survey(item.request.survey, watch).value_or(nullptr);
      id = &item.request.survey;
    }
    const plugin::Call call(call_options(task, watch));
    out += static_cast<char>(survey ? cutout::cover(*survey, item.request, task.groups, call, watch)
                                    : Cover::kError);
  }
  return out;
}

Result<TaskReport> Cutter::run(const Task& task, const Watch& watch, int sink) {
  TaskReport report;
  const auto slice_ends = monotonic_ms() + task.budget.slice_ms;
  // From where the sink stands: what lies behind may be of a task before, to be written over.
  auto begin = ::lseek(sink, 0, SEEK_CUR);
  for (const auto& item : task.items) {
    if (task.log_items) {
      if (auto begun = begin_item(sink); !begun) return fail(at_sink(sink, begun.error()));
      begin = ::lseek(sink, 0, SEEK_CUR);
    }
    if (begin < 0) return fail(os_error("the sink of the task cannot be written"));
    auto outcome = run(item, task, watch, sink, begin);
    if (outcome && task.log_items)
      if (auto ended = end_item(sink, begin - kItemHead, *outcome); !ended)
        outcome = fail(at_sink(sink, ended.error()));
    if (!outcome) {
      if (task.log_items) take_back(sink, begin - kItemHead);
      return fail(std::move(outcome).error());
    }
    if (!task.log_items) begin = ::lseek(sink, begin + outcome->bytes, SEEK_SET);
    report.outcomes.push_back(std::move(*outcome));
    watch.progress(static_cast<double>(report.outcomes.size()) /
                   static_cast<double>(task.items.size()));
    watch.finished(report.outcomes.size());
    if (task.log_items && task.budget.slice_ms > 0 && monotonic_ms() >= slice_ends) break;
  }
  return report;
}

Result<Outcome> Cutter::run(const TaskItem& item, const Task& task, const Watch& watch, int sink,
                            std::int64_t begin) {
  const auto since = std::chrono::steady_clock::now();
  Outcome outcome;
  outcome.row = item.row;
  outcome.offset = begin;
  ProductSink place{sink, task.log_items};
  std::string called;  // the plugin that was, last
  auto noting = watch;
  noting.stage = [&](std::string_view stage) {
    if (!stage.empty()) called = plugin::plugin_of(stage);
    watch.stage(stage);
  };
  plugin::take_host_failure();
  if (auto made = cut(item, task, noting, place, outcome); !made) {
    if (made.error().code == ErrorCode::kPlugin && !plugin::take_host_failure() && !called.empty())
      faults_.push_back({called, made.error().message});
    if (watch.cancelled() || watch.alone()) return fail(ErrorCode::kCancelled, "cancelled");
    outcome = {};
    outcome.row = item.row;
    outcome.error = cause(std::move(made).error(), task, watch);
    // A disk that is full is not the item's fault.
    if (task.log_items && place.failed) return fail(at_sink(sink, std::move(*outcome.error)));
    if (!take_back(sink, begin)) return fail(os_error("the sink of the task cannot be written"));
  }
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
  return outcome;
}

Status Cutter::cut(const TaskItem& item, const Task& task, const Watch& watch, ProductSink& sink,
                   Outcome& outcome) {
  auto request = item.request;
  auto survey = catalogue_.survey(request.survey, watch);
  if (!survey) return fail(std::move(survey).error());
  cache_.seek_in((*survey)->seek_directory);
  RECORTE_TRY(settle_bands(**survey, request));
  settle_size(request);
  const bool chosen_later = request.algorithm.empty() && !is_picture(request.format);
  const auto* algorithm = static_cast<const Algorithm*>(nullptr);
  const auto open_algorithm = [&](const std::string& id) -> Status {
    auto found = catalogue_.algorithm(id, request.format, **survey, watch);
    if (!found) return fail(std::move(found).error());
    algorithm = *found;
    return {};
  };
  nlohmann::json params;
  const auto read_params = [&]() -> Status {
    auto read = algorithm_params(*algorithm, **survey, request);
    if (!read) return fail(std::move(read).error());
    params = std::move(*read);
    return {};
  };
  if (!chosen_later) {
    RECORTE_TRY(open_algorithm(request.algorithm));
    RECORTE_TRY(check_grid(*algorithm, request));
    RECORTE_TRY(read_params());
    // A picture needs its own bands only.
    if (request.bands.empty() && params.contains("rgb"))
      request.rgb = params["rgb"].get<std::vector<std::string>>();
  }

  const auto before = cache_.use();
  plugin::Call call(call_options(task, watch));
  const bool several = chosen_later || algorithm->manifest.combines;
  auto location = cutout::locate(**survey, request, task.groups, cache_, call, watch,
                                 several ? HowMany::kEnough : HowMany::kOne);
  if (!location) return fail(std::move(location).error());
  std::optional<Target> target;
  if (chosen_later) {
    auto composition = compose(*location, request, cache_);
    if (!composition) return fail(std::move(composition).error());
    RECORTE_TRY(open_algorithm(composition->algorithm));
    RECORTE_TRY(read_params());
    target = std::move(composition->target);
  } else if (several) {
    auto made = make_target(*location, request);
    if (!made) return fail(std::move(made).error());
    target = std::move(*made);
    if (algorithm->manifest.as_stored)
      if (const auto why = not_stitched(*location, *target, request, cache_); !why.empty())
        return fail(ErrorCode::kUsage, why + "; ask for algorithm=mosaic, or cut");
  }
  if (target && !item.window) RECORTE_TRY(within({target->rect}, task.budget));
  AlgorithmRun run(*algorithm, *location, request, std::move(params), cache_, call, watch,
                   std::move(target));
  auto outlines = run.outline();
  if (!outlines) {
    // What the algorithm misses may be there, and damaged.
    const bool misses = outlines.error().code == ErrorCode::kNoCoverage;
    return fail(misses && location->trouble ? *location->trouble : outlines.error());
  }
  if (item.window) RECORTE_TRY(apply_window(*outlines, *item.window));
  std::vector<sky::PixelRect> rects;
  for (const auto& outline : *outlines) rects.push_back(outline.rect);
  RECORTE_TRY(within(rects, task.budget));

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
    if (outcome.bands.empty() || outcome.bands.back() != located.source.band)
      outcome.bands.push_back(located.source.band);
  }
  outcome.needs = needs_of(**survey, location->images);
  for (const auto coverage : location->coverage)
    outcome.coverage = std::max(outcome.coverage, coverage);
  const auto& manifest = algorithm->manifest;
  add_facts(run, outlines->front(), request, outcome);
  outcome.adapter = (*survey)->plugin;
  outcome.algorithm = manifest.id + " " + manifest.version;
  outcome.release = request.release.empty() ? (*survey)->release : request.release;
  const Provenance provenance{
      canonical(item.request), (*survey)->id,    outcome.release, outcome.adapter,
      outcome.algorithm,       outcome.warnings, now_micros()};
  RECORTE_TRY(is_picture(request.format)
                  ? write_picture(run, *outlines, request, provenance, watch, sink, outcome)
                  : write_fits(run, *outlines, request, provenance, watch, sink, outcome));
  outcome.version = version_of(**survey, *algorithm, run, item);
  const auto after = cache_.use();
  outcome.cache = {
      after.images_found - before.images_found, after.images_opened - before.images_opened,
      after.tiles_found - before.tiles_found, after.tiles_unpacked - before.tiles_unpacked};
  return {};
}

}  // namespace recorte::cutout
