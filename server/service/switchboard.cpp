// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/switchboard.hpp"

#include "core/base/log.hpp"

#include <chrono>
#include <utility>

namespace recorte::service {
namespace {

constexpr std::string_view kMaintenance = "maintenance", kSurvey = "survey:", kDrain = "drain:";
/// Of one who is told to come back: nobody knows when that will be.
constexpr std::int64_t kRetrySeconds = 60;

tl::unexpected<Error> closed(std::string what, const std::string& message) {
  if (!message.empty()) what += ": " + message;
  return fail(Error{ErrorCode::kUnavailable, std::move(what), kRetrySeconds});
}

Switched read(const std::vector<schedule::Switch>& all, const std::string& server) {
  Switched out;
  for (const auto& each : all) {
    const std::string_view name = each.name;
    if (name == kMaintenance) out.maintenance = each;
    if (name.starts_with(kSurvey)) out.surveys_off.emplace(name.substr(kSurvey.size()), each);
    if (name.starts_with(kDrain) && name.substr(kDrain.size()) == server) out.draining = true;
  }
  return out;
}

}  // namespace

Status Switched::open_for(std::string_view survey) const {
  if (maintenance) return closed("nothing new is accepted now", maintenance->value);
  if (const auto* message = off(survey))
    return closed("the survey '" + std::string(survey) + "' is switched off", *message);
  return {};
}

const std::string* Switched::off(std::string_view survey) const {
  const auto at = surveys_off.find(survey);
  return at == surveys_off.end() ? nullptr : &at->second.value;
}

Switchboard::Switchboard(Options options, schedule::Switches& switches)
    : options_(std::move(options)), switches_(switches) {}

Switchboard::~Switchboard() { stop(); }

Status Switchboard::learn() {
  // A drain ends with the server that was drained.
  if (auto lifted = switches_.clear(std::string(kDrain) + options_.server);
      !lifted && lifted.error().code != ErrorCode::kNotFound)
    return lifted;
  return look();
}

void Switchboard::start(std::function<std::string()> state,
                        std::function<void(const Switched&)> looked) {
  state_ = std::move(state);
  looked_ = std::move(looked);
  thread_ = std::thread([this] { run(); });
}

void Switchboard::stop() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ended_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  // One that cannot say so is taken for gone after a while.
  (void)switches_.leave(options_.server);
}

Status Switchboard::look() {
  const std::lock_guard lock(looking_);
  const auto all = switches_.all();
  if (!all) return fail(all.error());
  auto found = std::make_shared<const Switched>(read(*all, options_.server));
  {
    const std::lock_guard now(knowing_);
    known_ = found;
  }
  looked_(*found);
  return {};
}

void Switchboard::run() {
  using std::chrono::microseconds;
  std::optional<std::chrono::steady_clock::time_point> said;
  bool silent = false;
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    auto heard = look();
    if (const auto now = std::chrono::steady_clock::now();
        heard && (!said || now - *said >= microseconds(options_.say))) {
      heard = switches_.beat({options_.server, 0, state_()});
      if (heard) said = now;
    }
    if (!heard && !silent)
      log::write(log::Level::kWarn, "what is switched elsewhere is not heard of for now",
                 {{"reason", heard.error().message}});
    silent = !heard;
    lock.lock();
    ended_.wait_for(lock, microseconds(options_.look), [this] { return ending_; });
  }
}

Status Switchboard::set(const std::string& name, const std::string& message,
                        const std::string& by) {
  const auto now = switches_.now();
  if (!now) return fail(now.error());
  RECORTE_TRY(switches_.set({name, message, *now, by}));
  return look();
}

Status Switchboard::clear(const std::string& name, const std::string& what) {
  const auto cleared = switches_.clear(name);
  if (!cleared && cleared.error().code == ErrorCode::kNotFound)
    return fail(ErrorCode::kNotFound, what);
  if (!cleared) return cleared;
  return look();
}

Status Switchboard::begin_maintenance(const std::string& message, const std::string& by) {
  return set(std::string(kMaintenance), message, by);
}

Status Switchboard::end_maintenance() {
  return clear(std::string(kMaintenance), "there is no maintenance to end");
}

Status Switchboard::close_survey(const std::string& survey, const std::string& message,
                                 const std::string& by) {
  return set(std::string(kSurvey) + survey, message, by);
}

Status Switchboard::open_survey(const std::string& survey) {
  return clear(std::string(kSurvey) + survey, "the survey '" + survey + "' is not switched off");
}

Status Switchboard::drain(const std::string& server, const std::string& by) {
  const auto all = servers();
  if (!all) return fail(all.error());
  const auto& name = server.empty() ? options_.server : server;
  for (const auto& each : *all)
    if (each.alive && each.state.name == name) return set(std::string(kDrain) + name, "", by);
  return fail(ErrorCode::kNotFound, "no server is called '" + name + "'; look at the servers");
}

Status Switchboard::undrain(const std::string& server) {
  const auto& name = server.empty() ? options_.server : server;
  return clear(std::string(kDrain) + name, "the server '" + name + "' is not drained");
}

Result<std::vector<Switchboard::Server>> Switchboard::servers() {
  const auto states = switches_.servers();
  if (!states) return fail(states.error());
  const auto switched = switches_.all();
  if (!switched) return fail(switched.error());
  const auto now = switches_.now();
  if (!now) return fail(now.error());
  std::vector<Server> out;
  bool here = false;
  for (const auto& state : *states) {
    const bool ours = state.name == options_.server;
    here = here || ours;
    out.push_back({state, ours || *now - state.seen < options_.silent,
                   read(*switched, state.name).draining, ours});
  }
  // What it says of itself now, whenever it said so to the others.
  if (!here)
    out.push_back(
        {{options_.server, *now, ""}, true, read(*switched, options_.server).draining, true});
  for (auto& each : out)
    if (each.here) each.state = {each.state.name, *now, state_()};
  return out;
}

}  // namespace recorte::service
