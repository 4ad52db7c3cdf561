// SPDX-License-Identifier: BSD-3-Clause
//
// What makes cutouts: a worker, the plugins, each survey.
#include "core/base/io.hpp"
#include "core/command/doctor/checks.hpp"
#include "core/config/address.hpp"
#include "core/cutout/parameters.hpp"
#include "core/cutout/task.hpp"
#include "core/plugin/probe.hpp"
#include "core/plugin/registry.hpp"
#include "core/trust/book.hpp"
#include "core/worker/fence.hpp"
#include "core/worker/pool.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> surveys_in(const fs::path& directory) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".toml") out.push_back(at->path().stem());
  std::ranges::sort(out);
  return out;
}

/// A small piece of it at its own example: what reads that reads the files.
Result<std::string> sample(worker::Pool& pool, const std::string& survey,
                           const nlohmann::json& description) {
  const auto example = description.value("example", nlohmann::json());
  if (!example.is_object() || !example.value("ra", nlohmann::json()).is_number() ||
      !example.value("dec", nlohmann::json()).is_number())
    return std::string("it says of itself what it holds; it names no example to try");
  cutout::RequestDraft draft;
  RECORTE_TRY(draft.set("survey", survey));
  RECORTE_TRY(draft.set("ra", example.at("ra").dump()));
  RECORTE_TRY(draft.set("dec", example.at("dec").dump()));
  RECORTE_TRY(draft.set("size", "8px"));
  auto request = draft.finish();
  if (!request) return fail(std::move(request).error());
  cutout::Task task;
  task.id = "doctor";
  if (const auto group = description.value("access_group", ""); !group.empty())
    task.groups = {group};
  task.items = {{0, std::move(*request), {}}};
  const auto sink = make_memfd("doctor");
  if (!sink) return fail(sink.error());
  const auto report = pool.run(task, sink->get());
  if (!report) return fail(report.error());
  if (const auto& error = report->outcomes.at(0).error) return fail(*error);
  return std::string("it describes itself, and its example was cut");
}

/// Whether one survey's plugin can look into another's files.
Findings check_isolation(const trust::Pools& pools) {
  Findings out;
  const auto count =
      std::to_string(pools.pools.size()) + (pools.pools.size() == 1 ? " pool" : " pools");
  if (const auto version = worker::landlock_version(); version > 0)
    out.push_back(well("isolation", count + " of workers, each fenced in (Landlock " +
                                        std::to_string(version) + ")"));
  else if (pools.pools.size() == 1)
    out.push_back(well("isolation", "none, as the kernel has no Landlock; no survey is private"));
  else
    out.push_back(ill("isolation",
                      count +
                          " of workers, which the kernel does not keep apart: a plugin can read "
                          "the files of every survey",
                      "run Linux 5.13 or later, with landlock in its list of LSMs "
                      "(/sys/kernel/security/lsm)"));
  for (const auto& warning : pools.warnings)
    out.push_back(ill("isolation", warning, "see [access] in reference/survey-file.md"));
  return out;
}

Finding check_survey(worker::Pool& pool, const fs::path& directory, const std::string& survey) {
  const auto name = "survey " + survey;
  const auto file = (directory / (survey + ".toml")).string();
  const auto description = pool.describe(survey);
  if (!description)
    return ill(name, description.error().message,
               "mend " + file +
                   ", or index it anew (recorte survey index); meanwhile, recorte "
                   "admin survey off " +
                   survey);
  const auto cut = sample(pool, survey, *description);
  if (!cut)
    return ill(name, "its example cannot be cut: " + cut.error().message,
               "see that the files that " + file +
                   " names are there, and that the server's user may read them");
  return well(name, *cut);
}

std::vector<fs::path> plugin_directories(const config::Settings& settings) {
  return plugin::Registry::directories(settings.plugins.directories,
                                       config::plugin_store(settings));
}

Findings check_plugins(const config::Settings& settings) {
  Findings out;
  const auto registry = plugin::Registry::scan(plugin_directories(settings));
  plugin::ProbeOptions options;
  options.program = program_directory() / "recorte-worker";
  std::string good;
  for (const auto& entry : registry.plugins()) {
    const auto& id = entry.manifest.id;
    if (const auto probed = plugin::probe(entry.file, options); !probed)
      out.push_back(ill("plugin " + id, probed.error().message,
                        "take " + entry.file.string() + " away, or install another version"));
    else
      good += (good.empty() ? "" : ", ") + id + " " + entry.manifest.version;
  }
  for (const auto& refusal : registry.refused())
    out.push_back(ill("plugin " + refusal.file.stem().string(), refusal.error.message,
                      "take " + refusal.file.string() + " away, or install another version"));
  if (good.empty())
    out.push_back(ill("plugins", "none can be used",
                      "install Recorte anew, or name their directory (plugins.directories)"));
  else
    out.push_back(well("plugins", good));
  return out;
}

}  // namespace

fs::path surveys_in_use(const config::Settings& settings) {
  auto out = config::surveys_directory(settings);
  const auto demo = settings.data / "demo" / "surveys.d";
  return surveys_in(out).empty() && !surveys_in(demo).empty() ? demo : out;
}

Findings check_work(const config::Settings& settings) {
  const auto directory = surveys_in_use(settings);
  const trust::Book book({directory,
                          {plugin_directories(settings)},
                          settings.workers.readable,
                          config::own_places(settings)});
  const auto pools = book.now();
  worker::PoolOptions options;
  options.terms.readable = pools->pools.at(pools->pool_of("")).readable;
  options.program = program_directory() / "recorte-worker";
  options.worker.surveys = directory;
  options.worker.plugins = plugin_directories(settings);
  options.worker.memory = static_cast<std::uint64_t>(settings.workers.memory);
  worker::Pool pool(options);
  Findings out;
  if (const auto warm = pool.warm(); !warm) {
    out.push_back(ill("workers", warm.error().message,
                      "see that recorte-worker is beside recorte, and that the limits of the "
                      "system (ulimit) let it start"));
    return out;
  }
  out.push_back(well("workers", "one starts"));
  std::ranges::move(check_isolation(*pools), std::back_inserter(out));
  for (auto& each : check_plugins(settings)) out.push_back(std::move(each));
  const auto surveys = surveys_in(directory);
  // As the server does: each by a worker that may read its own pool's files alone.
  std::map<std::string, worker::Pool> others;
  for (const auto& survey : surveys) {
    const auto& name = pools->pool_of(survey);
    auto other = options;
    other.terms.readable = pools->pools.at(name).readable;
    auto& its = other.terms.readable == options.terms.readable
                    ? pool
                    : others.try_emplace(name, other).first->second;
    out.push_back(check_survey(its, directory, survey));
  }
  if (!surveys.empty()) return out;
  const auto address = config::parse_host_port(settings.server.listen);
  if (address &&
      (address->host == "localhost" || address->host == "::1" || address->host.starts_with("127.")))
    out.push_back(well("surveys", "none in " + directory.string() + ": the demo sky is served"));
  else
    out.push_back(ill("surveys", "none in " + directory.string(),
                      "recorte survey index DIRECTORY --name NAME adds one"));
  return out;
}

}  // namespace recorte::command
