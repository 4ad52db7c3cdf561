// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/notifier.hpp"

#include "core/base/id.hpp"
#include "core/base/log.hpp"
#include "core/base/utf8.hpp"
#include "core/batch/places.hpp"
#include "server/notify/notice.hpp"
#include "server/notify/sender.hpp"
#include "server/notify/summary.hpp"
#include "server/notify/throttle.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace recorte::notify {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr Micros kLongestSleep = 60'000'000;
constexpr std::size_t kAlerts = 100;       ///< not said yet; the oldest go
constexpr std::int64_t kAlertTries = 5;    ///< of one alert
constexpr std::size_t kAlertText = 2'000;  ///< bytes
constexpr std::size_t kLongestId = 1'000;  ///< of a notice

void complain(const std::string& job, const std::string& sentence) {
  log::write(log::Level::kWarn, sentence, {{"job_id", job}});
}

/// Whether everybody was told of that end already, or its notice is there.
bool is_known(const fs::path& directory, const std::string& id) {
  const auto told = read_file(batch::notified_file(directory), kLongestId);
  if (told && *told == id) return true;
  const auto there = read_notice(batch::notice_file(directory));
  return there && there->id == id;
}

struct Alert {
  json body;
  std::int64_t attempts = 0;
  Micros next = 0;  ///< steady_micros()
};

/// What became of a notice that was to be written anew.
enum class Kept { kThere, kGone, kUnwritten };

}  // namespace

struct Notifier::State {
  State(Options with, fs::path directory, std::string base)
      : options(std::move(with)), results(std::move(directory)), base_url(std::move(base)) {
    thread = std::thread([this] { run(); });
  }

  void run();
  void take_up();
  std::optional<Micros> next_work() const;
  void work(std::unique_lock<std::mutex>& lock);
  void say_held_back(Micros now);
  void say(Alert alert);
  void attend(const std::string& id);
  void attend(const std::string& id, const fs::path& file, Notice notice);
  bool settle(const std::string& id, Notice::To& to, const net::Delivery& delivery) const;
  Kept keep(const std::string& id, const fs::path& file, const Notice& notice);
  Micros until(Micros next) const;
  Micros pause_after(std::int64_t attempts) const;
  void plan(const std::string& id, Micros when);

  const Options options;
  const fs::path results;
  const std::string base_url;
  std::atomic<bool> stop = false;
  Sender sender{options, stop};  ///< the thread's own

  std::mutex files;  ///< while a notice is read and written as one

  std::mutex mutex;  ///< of what follows
  std::condition_variable wake;
  std::multimap<Micros, std::string> due;  ///< when, of steady_micros(), to look at which job
  std::deque<Alert> alerts;
  Throttle throttle;

  std::thread thread;
};

Notifier::Notifier(Options options, fs::path results_directory, std::string base_url)
    : state_(std::make_unique<State>(std::move(options), std::move(results_directory),
                                     std::move(base_url))) {}

Notifier::~Notifier() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->wake.notify_one();
  state_->thread.join();
}

const Options& Notifier::options() const { return state_->options; }

void Notifier::job_ended(const job::Job& job) {
  Notice notice;
  for (const auto& whom : addressees(job.parameters)) notice.to.push_back({whom, 0, 0});
  if (notice.to.empty()) return;
  notice.id = job.id + "-" + std::to_string(job.rounds);
  notice.job = summary(job, state_->base_url);
  const auto directory = batch::job_directory(state_->results, job.id);
  Status written;
  {
    const std::lock_guard lock(state_->files);
    if (is_known(directory, notice.id)) return;
    std::error_code error;  // a job that failed before it was planned may have none
    fs::create_directories(directory, error);
    written = write_notice(batch::notice_file(directory), notice);
  }
  if (!written) return complain(job.id, "nobody is told of the end: " + written.error().message);
  state_->plan(job.id, steady_micros());
}

void Notifier::alert(std::string where, std::string what) {
  if (state_->options.alert_url.empty()) return;
  where = good_utf8(where.substr(0, kAlertText));
  what = good_utf8(what.substr(0, kAlertText));
  {
    const std::lock_guard lock(state_->mutex);
    auto& throttle = state_->throttle;
    if (!throttle.admit(where + '\n' + what, steady_micros())) return state_->wake.notify_one();
    state_->alerts.push_back({{{"id", random_hex(16)},
                               {"where", std::move(where)},
                               {"what", std::move(what)},
                               {"suppressed", throttle.take_held_back()}},
                              0,
                              0});
    if (state_->alerts.size() > kAlerts) state_->alerts.pop_front();
  }
  state_->wake.notify_one();
}

void Notifier::State::plan(const std::string& id, Micros when) {
  {
    const std::lock_guard lock(mutex);
    due.emplace(when, id);
  }
  wake.notify_one();
}

void Notifier::State::run() {
  take_up();
  std::unique_lock lock(mutex);
  while (!stop) {
    const auto now = steady_micros();
    const auto next = next_work().value_or(now + kLongestSleep);
    if (next <= now)
      work(lock);
    else
      wake.wait_for(lock, std::chrono::microseconds(std::min(next - now, kLongestSleep)));
  }
}

/// What was left by one that ended before it had told everybody.
void Notifier::State::take_up() {
  std::error_code error;
  for (fs::directory_iterator at(results, error), end; !error && at != end && !stop;
       at.increment(error)) {
    std::error_code unknown;
    if (fs::exists(batch::notice_file(at->path()), unknown))
      plan(at->path().filename().string(), steady_micros());
  }
}

/// `mutex` is held, here and in the next two.
std::optional<Micros> Notifier::State::next_work() const {
  auto next = throttle.due();
  const auto sooner = [&](Micros time) { next = next ? std::min(*next, time) : time; };
  for (const auto& alert : alerts) sooner(alert.next);
  if (!due.empty()) sooner(due.begin()->first);
  return next;
}

void Notifier::State::say_held_back(Micros now) {
  if (const auto time = throttle.due(); !time || *time > now) return;
  const auto count = throttle.take_held_back();
  alerts.push_back({{{"id", random_hex(16)},
                     {"where", "recorte-server"},
                     {"what", std::to_string(count) + " further alerts were not sent"},
                     {"suppressed", count}},
                    0,
                    0});
}

/// One thing that is due.
void Notifier::State::work(std::unique_lock<std::mutex>& lock) {
  const auto now = steady_micros();
  say_held_back(now);
  const auto alert = std::ranges::find_if(alerts, [&](const auto& a) { return a.next <= now; });
  if (alert != alerts.end()) {
    auto taken = std::move(*alert);
    alerts.erase(alert);
    lock.unlock();
    say(std::move(taken));
    return lock.lock();
  }
  if (due.empty() || due.begin()->first > now) return;
  const auto id = due.begin()->second;
  due.erase(due.begin());
  lock.unlock();
  attend(id);
  lock.lock();
}

void Notifier::State::say(Alert alert) {
  const auto delivery = sender.tell_operator(alert.body);
  if (delivery.outcome == net::Outcome::kSent || stop) return;
  if (delivery.outcome == net::Outcome::kRefused || ++alert.attempts >= kAlertTries)
    return log::write(log::Level::kWarn, "an alert was not sent: " + delivery.why);
  alert.next = steady_micros() + pause_after(alert.attempts);
  const std::lock_guard lock(mutex);
  if (alerts.size() < kAlerts) alerts.push_back(std::move(alert));
}

Micros Notifier::State::pause_after(std::int64_t attempts) const {
  auto pause = options.pause;
  for (std::int64_t i = 1; i < attempts && pause < options.longest_pause; ++i) pause *= 2;
  return std::min(pause, options.longest_pause);
}

void Notifier::State::attend(const std::string& id) {
  const auto directory = batch::job_directory(results, id);
  const auto file = batch::notice_file(directory);
  const auto held = hold_directory(directory);
  if (!held) {  // the job's results are gone, and with them what there is to tell
    if (held.error().code != ErrorCode::kNotFound) complain(id, held.error().message);
    return;
  }
  // Another server tends to it; it may end before it is done.
  if (!*held) return plan(id, steady_micros() + options.pause);
  auto notice = read_notice(file);
  if (notice) return attend(id, file, std::move(*notice));
  if (notice.error().code != ErrorCode::kNotFound)
    complain(id, "nobody is told of the end: " + notice.error().message);
}

void Notifier::State::attend(const std::string& id, const fs::path& file, Notice notice) {
  bool unwritten = false;
  for (std::size_t i = 0; i < notice.to.size();) {
    auto& to = notice.to[i];
    if (until(to.next) > 0) {
      ++i;
      continue;
    }
    const auto delivery = sender.tell(notice, to.whom);
    if (stop && delivery.outcome != net::Outcome::kSent) return;
    if (settle(id, to, delivery))
      notice.to.erase(notice.to.begin() + static_cast<std::ptrdiff_t>(i));
    else
      ++i;
    const auto kept = keep(id, file, notice);
    if (kept == Kept::kGone) return;
    unwritten = kept == Kept::kUnwritten;
  }
  // Whoever was told will be told again: not soon.
  if (unwritten) return plan(id, steady_micros() + options.longest_pause);
  if (!notice.to.empty()) plan(id, steady_micros() + until(notice.next()));
}

/// How long it is until a moment that a notice names. Whoever set the clock back meanwhile makes
/// nobody wait for longer than the longest pause.
Micros Notifier::State::until(Micros next) const {
  const auto left = next - now_micros();
  return left > options.longest_pause ? 0 : std::max<Micros>(left, 0);
}

/// Whether nothing more is to be told there.
bool Notifier::State::settle(const std::string& id, Notice::To& to,
                             const net::Delivery& delivery) const {
  if (delivery.outcome == net::Outcome::kSent) return true;
  ++to.attempts;
  const bool last = delivery.outcome == net::Outcome::kRefused || to.attempts >= options.attempts;
  if (last)
    complain(id, to.whom + " is not told of the end (attempts: " + std::to_string(to.attempts) +
                     "): " + delivery.why);
  else
    to.next = now_micros() + pause_after(to.attempts);
  return last;
}

/// Gone: the notice is no longer the one that is there, as the job ended anew or is gone; or nobody
/// is left to be told.
Kept Notifier::State::keep(const std::string& id, const fs::path& file, const Notice& notice) {
  const std::lock_guard lock(files);
  const auto there = read_notice(file);
  if (!there || there->id != notice.id) return Kept::kGone;
  if (notice.to.empty()) {
    // The mark first: without either, the next start would tell everybody again.
    const auto marked = write_file(batch::notified_file(file.parent_path()), notice.id);
    if (!marked) complain(id, "who was told is not remembered: " + marked.error().message);
    std::error_code error;
    fs::remove(file, error);
    return Kept::kGone;
  }
  auto written = write_notice(file, notice);
  if (!written) complain(id, "who was told is not remembered: " + written.error().message);
  return written ? Kept::kThere : Kept::kUnwritten;
}

}  // namespace recorte::notify
