// SPDX-License-Identifier: BSD-3-Clause
#include "core/check/trial.hpp"

#include "core/base/io.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/check/places.hpp"
#include "core/cutout/cutter.hpp"
#include "core/cutout/parameters.hpp"
#include "core/plugin/registry.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace recorte::check {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

std::string since(Clock::time_point begun) {
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
  return number_text(std::round(ms * 100) / 100) + " ms";
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string percent(double fraction) {
  return number_text(std::round(1000 * fraction) / 10) + " %";
}

/// What a survey's TOML does not say is taken from the parameters; what they do not say either,
/// from the plugin.
Result<cutout::CutoutRequest> request_of(const Trial& trial, const plugin::Manifest& manifest,
                                         const Place& place, bool algorithm) {
  cutout::RequestDraft draft;
  bool size = false, format = false;
  for (const auto& [name, value] : trial.parameters) {
    RECORTE_TRY(draft.set(name, value));
    size = size || name == "size";
    format = format || name == "format";
  }
  RECORTE_TRY(draft.set("survey", place.id));
  if (!size) RECORTE_TRY(draft.set("size", "1arcmin"));
  if (algorithm) RECORTE_TRY(draft.set("algorithm", manifest.id));
  const auto ending = lower(trial.output.extension().string());
  if (!format && (ending == ".png" || ending == ".jpg" || ending == ".jpeg"))
    RECORTE_TRY(draft.set("format", ending == ".png" ? "png" : "jpeg"));
  else if (!format && algorithm && trial.output.empty() && !manifest.formats.empty())
    RECORTE_TRY(draft.set("format", manifest.formats.front()));
  return draft.finish();
}

std::string table_of(const cutout::Location& location) {
  std::string out;
  for (const auto& located : location.images) {
    const auto* plane = located.source.plane(RECORTE_IMAGE);
    std::vector<std::string> planes;
    for (const auto& p : located.source.planes)
      planes.emplace_back(cutout::kPlaneNames[static_cast<std::size_t>(p.role)]);
    out += "  " + padded(located.source.id, 28) + " " + padded(located.source.band, 6) + " " +
           padded(percent(located.selection.coverage), 8) + join(planes, ",") + "  " + plane->path +
           "[" + std::to_string(located.image->info.hdu.number) + "]\n";
  }
  return out;
}

/// In the child: the report.
Result<std::string> report(const Trial& trial, const plugin::Manifest& manifest, const Place& place,
                           bool algorithm, const Stage& stage) {
  auto request = request_of(trial, manifest, place, algorithm);
  if (!request) return fail(std::move(request).error());
  auto registry = plugin::Registry::around(trial.file, plugin::Registry::default_directories());
  if (!registry) return fail(std::move(registry).error());
  cutout::Watch watch;
  watch.stage = [&](std::string_view what) { stage(what); };
  cutout::Cutter cutter(place.surveys, *std::move(registry));

  std::string out;
  auto begun = Clock::now();
  auto survey = cutter.catalogue().survey(place.id, watch);
  if (!survey) return fail(std::move(survey).error());
  std::vector<std::string> bands;
  for (const auto& band : (*survey)->bands) bands.push_back(band.name);
  out += "survey:  " + (*survey)->title + " (" + (*survey)->plugin + "), bands " +
         join(bands, ", ") + ", opened in " + since(begun) + "\n";

  cutout::Task task;
  task.id = "try";
  task.budget.wall_ms = trial.limits.timeout_ms;
  task.items.push_back({0, *request, {}});
  begun = Clock::now();
  const auto location = cutter.locate(task.items[0], task, watch);
  if (!location) return fail(location.error());
  out += "images:  " + std::to_string(location->images.size()) + " found and opened in " +
         since(begun) + "\n" + table_of(*location);

  const auto sink = make_memfd("product");
  if (!sink) return fail(sink.error());
  begun = Clock::now();
  const auto made = cutter.run(task, watch, sink->get());
  if (!made) return fail(made.error());
  const auto& outcome = made->outcomes.at(0);
  if (outcome.error) return fail(*outcome.error);
  out += "product: " + std::string(cutout::kFormatNames[static_cast<std::size_t>(outcome.format)]) +
         " of " + std::to_string(outcome.width) + " x " + std::to_string(outcome.height) +
         " pixels, bands " + join(outcome.bands, ", ") + ", " + std::to_string(outcome.bytes) +
         " bytes, made by " + outcome.algorithm + " in " + since(begun) + "\n";
  for (const auto& warning : outcome.warnings) out += "warning: " + warning + "\n";
  if (!trial.output.empty()) {
    const auto bytes = read_descriptor(sink->get());
    if (!bytes) return fail(bytes.error());
    RECORTE_TRY(write_file(trial.output, *bytes));
    out += "written: " + trial.output.string() + "\n";
  }
  return out;
}

std::string encode(const Result<std::string>& report) {
  const json document = report ? json{{"report", *report}}
                               : json{{"code", error_row(report.error().code).name},
                                      {"message", report.error().message}};
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string logged(const std::string& text) {
  std::string out;
  for (const auto& line : split(text, '\n'))
    if (!line.empty()) out += "log:     " + line + "\n";
  return out;
}

}  // namespace

Result<std::string> try_plugin(const Trial& trial) {
  const auto manifest = plugin::read_manifest(trial.file);
  if (!manifest) return fail(manifest.error());
  Places places;
  const bool adapter = manifest->provides(RECORTE_SURVEY_V1);
  auto place = adapter ? places.of_survey(*manifest, trial.survey) : places.of_images(trial.survey);
  // What is both may be tried as an algorithm on another's images.
  const bool algorithm =
      manifest->provides(RECORTE_ALGORITHM_V1) && (!adapter || !place || trial.survey.empty());
  if (adapter && algorithm) place = places.of_images(trial.survey);
  if (!place) return fail(place.error());
  auto ended = in_child(trial.limits, Ending::kAtOnce, [&](const Stage& stage) {
    log::setup(log::Level::kTrace, log::Form::kText);
    stage("the host was at work");
    return encode(report(trial, *manifest, *place, algorithm, stage));
  });
  if (!ended) return fail(std::move(ended).error());
  const auto log_lines = logged(ended->said);
  if (!ended->trouble.empty())
    return fail(ErrorCode::kPlugin, trial.file.string() + ": " + ended->trouble +
                                        (log_lines.empty() ? "" : "\n" + log_lines));
  const auto document = json::parse(*ended->answer, nullptr, false);
  if (!document.is_object())
    return fail(ErrorCode::kPlugin, trial.file.string() + ": it spoilt the report");
  if (document.contains("report")) return document["report"].get<std::string>() + log_lines;
  return fail(error_from_name(document["code"].get<std::string>()),
              document["message"].get<std::string>() + (log_lines.empty() ? "" : "\n" + log_lines));
}

}  // namespace recorte::check
