// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/reloader.hpp"

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/plugin/manifest.hpp"
#include "core/schedule/trial.hpp"
#include "core/schedule/waiting.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <utility>

namespace recorte::app {
namespace {

using nlohmann::ordered_json;

/// For surveys to say what they are with new plugins; one that takes longer does so behind it.
constexpr std::chrono::seconds kDescribe{10};

/// "tiles 1.2.0"; the file's name where that cannot be read.
ordered_json names_of(const std::vector<std::filesystem::path>& libraries) {
  auto out = ordered_json::array();
  for (const auto& file : libraries) {
    const auto manifest = plugin::read_manifest(file);
    out.push_back(manifest ? manifest->id + " " + manifest->version : file.filename().string());
  }
  return out;
}

}  // namespace

Reloader::Reloader(Parts parts, PluginShelf shelf, Options options)
    : parts_(std::move(parts)),
      shelf_(std::move(shelf)),
      options_(std::move(options)),
      thread_([this] { run(); }) {}

Reloader::~Reloader() { stop(); }

void Reloader::ask(Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      waiting_.push_back(std::move(done));
      wake_.notify_one();
      return;
    }
  }
  done(fail(schedule::stopping_error()));
}

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
    const auto asked = std::exchange(waiting_, {});
    const bool stopping = stopping_;
    lock.unlock();
    const auto answer = stopping ? fail(schedule::stopping_error()) : reload();
    if (!answer && !stopping) log::write(log::Level::kError, answer.error().message);
    for (const auto& done : asked) done(answer);
    if (stopping) return;
    lock.lock();
  }
}

Result<ordered_json> Reloader::reload() {
  auto fresh = options_.again();
  if (!fresh)
    return fail(fresh.error().code,
                "the reload is refused, and all goes on as before: " + fresh.error().message);
  auto plugins = take_up_plugins(fresh->settings);
  if (!plugins) return plugins;
  ordered_json out{{"plugins", std::move(*plugins)},
                   {"settings", take_up_settings(*fresh)},
                   {"surveys", describe_surveys()}};
  options_ = std::move(*fresh);
  log::write(log::Level::kInfo, "reloaded", {{"plugins", out["plugins"].dump()}});
  return out;
}

Result<ordered_json> Reloader::take_up_plugins(const config::Settings& settings) {
  auto next = shelf_.look(settings);
  if (!next) return fail(std::move(next).error());
  const auto& now = shelf_.now();
  const auto come = (*next)->new_since(*now);
  const auto gone = now->new_since(**next);
  ordered_json out{{"new", names_of(come)}, {"gone", names_of(gone)}};
  if (come.empty() && gone.empty()) return out;

  const auto plugins = in_use(*next);
  const schedule::Trial trial{parts_.executors.front()->workers_as(), parts_.book.with(plugins),
                              come, served()};
  auto wrong = schedule::complaints(trial);
  for (auto* executor : parts_.executors)
    if (auto ready = wrong.empty() ? executor->prepare(trial.next) : Status(); !ready)
      wrong.push_back(ready.error().message);
  if (!wrong.empty())
    return fail(ErrorCode::kUsage, (*next)->of_originals("the reload is refused, and all goes on "
                                                         "as before: " +
                                                         join(wrong, "; ")));
  parts_.book.use(plugins);
  for (auto* executor : parts_.executors) executor->renew();
  shelf_.set(std::move(*next));
  return out;
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
  for (const auto& key : changed_keys(options_, fresh)) {
    const bool live = key == "plugins";
    out[live ? "taken_up" : "for_a_restart"].push_back(key);
  }
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

}  // namespace recorte::app
