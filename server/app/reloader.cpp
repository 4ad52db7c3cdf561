// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/reloader.hpp"

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/plugin/registry.hpp"
#include "core/schedule/trial.hpp"
#include "core/schedule/waiting.hpp"
#include "server/app/plugin_list.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <utility>

namespace recorte::app {
namespace {

using nlohmann::ordered_json;

/// For surveys to say what they are with new plugins; one that takes longer does so behind it.
constexpr std::chrono::seconds kDescribe{10};
constexpr const char* kRefused = "the reload is refused, and all goes on as before: ";

/// "tiles 1.2.0"; the file's name where that cannot be read.
std::vector<std::string> names_of(const std::vector<std::filesystem::path>& libraries) {
  std::vector<std::string> out;
  for (const auto& file : libraries) {
    const auto manifest = plugin::read_manifest(file);
    out.push_back(manifest ? manifest->label() : file.filename().string());
  }
  return out;
}

}  // namespace

Reloader::Reloader(Parts parts, PluginShelf shelf, Options options)
    : parts_(std::move(parts)),
      started_(options),
      options_(std::move(options)),
      shelf_(std::move(shelf)),
      thread_([this] { run(); }) {}

Reloader::~Reloader() { stop(); }

void Reloader::ask(Act act, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      waiting_.push_back({std::move(act), std::move(done)});
      wake_.notify_one();
      return;
    }
  }
  done(fail(schedule::stopping_error()));
}

void Reloader::reload(Done done) { ask(nullptr, std::move(done)); }

void Reloader::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Reloader::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    auto wishes = std::exchange(waiting_, {});
    const bool stopping = stopping_;
    lock.unlock();
    // One reload answers all who asked for one before it began.
    std::optional<Result<ordered_json>> reloaded;
    for (const auto& [act, done] : wishes) {
      if (stopping) {
        done(fail(schedule::stopping_error()));
        continue;
      }
      if (!act && !reloaded) reloaded = reload_now();
      done(act ? act() : *reloaded);
    }
    if (stopping) return;
    lock.lock();
  }
}

Result<ordered_json> Reloader::reload_now() {
  auto fresh = options_.again();
  auto plugins = fresh ? take_up_plugins(fresh->settings)
                       : fail(fresh.error().code, kRefused + fresh.error().message);
  if (!plugins) return plugins;
  ordered_json out{{"plugins", std::move(*plugins)},
                   {"settings", take_up_settings(*fresh)},
                   {"surveys", describe_surveys()}};
  {
    const std::lock_guard lock(mutex_);
    options_ = std::move(*fresh);
  }
  log::write(log::Level::kInfo, "reloaded", {{"plugins", out["plugins"].dump()}});
  return out;
}

Result<ordered_json> Reloader::take_up_plugins(const config::Settings& settings) {
  auto next = shelf_.look(settings);  // copies libraries: nobody waits for that
  if (!next) return fail(std::move(next).error());
  const auto now = snapshot();
  const auto come = (*next)->new_since(*now);
  const auto names = names_of(come), gone = names_of(now->new_since(**next));
  ordered_json out{{"new", names}, {"gone", gone}};
  if (names.empty() && gone.empty()) return out;

  if (auto used = use(*next, come); !used)
    return fail(used.error().code, (*next)->of_originals(kRefused + used.error().message));
  for (const auto& name : names) parts_.faults.forget(name);
  const std::lock_guard lock(mutex_);
  for (const auto* changed : {&names, &gone})
    for (const auto& name : *changed) disabled_.erase(name);
  shelf_.set(std::move(*next));
  return out;
}

std::vector<plugin::Withdrawn> Reloader::withdrawn() const {
  auto out = parts_.faults.marked();
  const std::lock_guard lock(mutex_);
  for (const auto& [plugin, mark] : disabled_) {
    const auto blank = plugin.find(' ');
    out.push_back({plugin.substr(0, blank), plugin.substr(blank + 1), mark.why});
  }
  return out;
}

Status Reloader::use(const std::shared_ptr<const plugin::Snapshot>& snapshot,
                     const std::vector<std::filesystem::path>& untried) {
  plugin::InUse plugins{snapshot->directories(), withdrawn(), snapshot};
  // What is said of a library is not of another that comes in its place.
  for (const auto& name : names_of(untried))
    std::erase_if(plugins.withdrawn,
                  [&](const auto& each) { return each.id + " " + each.version == name; });
  if (plugins == *parts_.book.now()->plugins) return {};
  const auto pools = parts_.book.with(plugins);
  if (plugins.directories != parts_.book.now()->plugins->directories) {
    const schedule::Trial trial{parts_.executors.front()->workers_as(), pools, untried, served()};
    if (const auto wrong = schedule::complaints(trial); !wrong.empty())
      return fail(ErrorCode::kUsage, join(wrong, "; "));
  }
  std::vector<worker::Pool::Ready> ready;
  for (auto* executor : parts_.executors) {
    auto prepared = executor->prepare(pools);
    if (!prepared) return fail(std::move(prepared).error());
    ready.push_back(std::move(*prepared));
  }
  parts_.book.use(plugins);
  for (auto* executor : parts_.executors) executor->renew();
  return {};
}

/// Those that can be described, and that no admin has switched off.
std::vector<std::string> Reloader::served() const {
  std::vector<std::string> out;
  const auto known = parts_.surveys.now();
  const auto switched = parts_.switchboard.now();
  for (std::size_t i = 0; known && i < known->cards.size(); ++i)
    if (const auto& card = known->cards[i]; card.description && !switched->off(card.id))
      out.push_back(card.id);
  return out;
}

ordered_json Reloader::take_up_settings(const Options& fresh) {
  ordered_json out{{"taken_up", ordered_json::array()}, {"for_a_restart", ordered_json::array()}};
  const auto is_taken_up = [](const std::string& key) { return key.starts_with("plugins."); };
  for (const auto& key : changed_keys(options_, fresh))
    if (is_taken_up(key)) out["taken_up"].push_back(key);
  for (const auto& key : changed_keys(started_, fresh))
    if (!is_taken_up(key)) out["for_a_restart"].push_back(key);
  return out;
}

ordered_json Reloader::describe_surveys() {
  using All = std::shared_ptr<const service::Surveys>;
  const auto told = std::make_shared<std::promise<All>>();
  auto described = told->get_future();
  parts_.surveys.describe_anew([told](All all) { told->set_value(std::move(all)); });
  if (described.wait_for(kDescribe) != std::future_status::ready)
    return {{"served", nullptr}, {"failed", nullptr}};
  auto failed = ordered_json::object();
  std::size_t served = 0;
  for (const auto& card : described.get()->cards) {
    if (card.description)
      ++served;
    else
      failed[card.id] = card.error ? card.error->message : "";
  }
  return {{"served", served}, {"failed", std::move(failed)}};
}

std::shared_ptr<const plugin::Snapshot> Reloader::snapshot() const {
  const std::lock_guard lock(mutex_);
  return shelf_.now();
}

void Reloader::look_at_faults() {
  ask(
      [this]() -> Result<ordered_json> {
        if (auto used = use(snapshot(), {}); !used) {
          log::write(log::Level::kError, used.error().message);
          return fail(std::move(used).error());
        }
        return describe_surveys();
      },
      [](const Result<ordered_json>&) {});
}

Result<ordered_json> Reloader::described(const PluginName& plugin) const {
  auto all = plugins();
  for (auto& each : all["plugins"])
    if (each["id"] == plugin.id && each["version"] == plugin.version) return std::move(each);
  return fail(ErrorCode::kNotFound, "the server has no plugin '" + plugin.label() +
                                        "'; recorte admin plugins lists those it has");
}

Result<ordered_json> Reloader::disable_now(const PluginName& plugin, const std::string& why) {
  if (auto known = described(plugin); !known) return known;
  {
    const std::lock_guard lock(mutex_);
    disabled_[plugin.label()] = {now_micros(), why};
  }
  RECORTE_TRY(use(snapshot(), {}));
  describe_surveys();
  // For those who start later; one of a plain directory is not in the store.
  if (auto stored = store().disable(plugin.id, plugin.version);
      !stored && stored.error().code != ErrorCode::kNotFound)
    return fail(stored.error());
  return described(plugin);
}

Result<ordered_json> Reloader::enable_now(const PluginName& plugin) {
  const auto known = described(plugin);
  if (!known) return known;
  {
    const std::lock_guard lock(mutex_);
    disabled_.erase(plugin.label());
  }
  parts_.faults.forget(plugin.label());
  if (!known->at("taken_up").is_null()) RECORTE_TRY(use(snapshot(), {}));
  if (const auto stored = store().find(plugin.id, plugin.version); stored && !stored->enabled) {
    if (auto enabled = store().enable(plugin.id, plugin.version, plugin::Store::Others::kStay);
        !enabled)
      return fail(enabled.error());
    if (auto taken = take_up_plugins(options_.settings); !taken) {
      (void)store().disable(plugin.id, plugin.version);
      return taken;
    }
  }
  describe_surveys();
  return described(plugin);
}

void Reloader::disable(const PluginName& plugin, const std::string& why, Done done) {
  ask([this, plugin, why] { return disable_now(plugin, why); }, std::move(done));
}

void Reloader::enable(const PluginName& plugin, Done done) {
  ask([this, plugin] { return enable_now(plugin); }, std::move(done));
}

plugin::Store Reloader::store() const {
  const std::lock_guard lock(mutex_);
  return plugin::Store(config::plugin_store(options_.settings));
}

ordered_json Reloader::plugins() const {
  const auto kept = snapshot();
  std::map<std::string, plugin::Faults::Mark> disabled;
  {
    const std::lock_guard lock(mutex_);
    disabled = disabled_;
  }
  const auto installed = store().list();
  return plugin_list({*kept, *parts_.book.now(), parts_.surveys.now(),
                      installed.value_or(std::vector<plugin::Installed>()), parts_.faults,
                      disabled});
}

}  // namespace recorte::app
