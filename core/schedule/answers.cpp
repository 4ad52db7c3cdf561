// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/answers.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace recorte::schedule {
namespace {

constexpr Micros kMilli = 1'000;
/// For what needs no pixels.
constexpr Micros kQuestion = 60'000'000;

void put(Finished& answer, Error error) { answer.report = fail(std::move(error)); }
template <class T>
void put(Result<T>& answer, Error error) {
  answer = fail(std::move(error));
}

std::vector<std::uint64_t> rows_of(const cutout::Task& task) {
  std::vector<std::uint64_t> out;
  for (const auto& item : task.items) out.push_back(item.row);
  return out;
}

/// Whether the report is of these rows: of all, or of the first where the task could end early.
bool fits(const cutout::TaskReport& report, const std::vector<std::uint64_t>& rows, bool early) {
  const auto& outcomes = report.outcomes;
  const bool all = outcomes.size() == rows.size();
  if (!all && (!early || outcomes.empty() || outcomes.size() > rows.size())) return false;
  return std::ranges::equal(outcomes, std::span(rows).first(outcomes.size()), {},
                            &cutout::Outcome::row);
}

/// `done`, for a report that fits the task.
std::function<void(Finished)> checked(const cutout::Task& task,
                                      std::function<void(Finished)> done) {
  const bool early = task.log_items && task.budget.slice_ms > 0;
  return [rows = rows_of(task), early, done = std::move(done)](Finished finished) {
    if (finished.report && !fits(*finished.report, rows, early))
      finished.report = fail(ErrorCode::kUnavailable,
                             "the executor told of other products than it was asked for");
    done(std::move(finished));
  };
}

}  // namespace

Micros longest_us(const cutout::Task& task) {
  const auto& budget = task.budget;
  const auto items = static_cast<Micros>(std::max<std::size_t>(1, task.items.size()));
  if (!task.log_items) return budget.wall_ms * kMilli;
  const auto all = items * budget.wall_ms;
  return kMilli * (budget.slice_ms > 0 ? std::min(all, budget.slice_ms + budget.wall_ms) : all);
}

/// Who waits, and until when.
struct Answers::Calls {
  struct Call {
    Micros until = 0;
    Cancelled cancelled;
    bool was_cancelled = false;
    std::function<void(Error)> give_up;
  };

  /// Whether it still waits; it does not any more.
  bool take(std::uint64_t number) {
    const std::lock_guard lock(mutex);
    return waiting.erase(number) > 0;
  }

  /// Those that have waited for long enough.
  std::vector<Call> overdue(Micros now, Micros obey) {
    std::vector<Call> out;
    for (auto at = waiting.begin(); at != waiting.end();) {
      auto& call = at->second;
      if (call.cancelled && *call.cancelled && !std::exchange(call.was_cancelled, true))
        call.until = std::min(call.until, now + obey);
      if (now >= call.until) {
        out.push_back(std::move(call));
        at = waiting.erase(at);
      } else {
        ++at;
      }
    }
    return out;
  }

  std::mutex mutex;
  std::condition_variable wake;
  std::map<std::uint64_t, Call> waiting;
  std::uint64_t last = 0;
  bool stopping = false;
};

Answers::Answers(Executor& behind, Options options)
    : behind_(behind),
      options_(std::move(options)),
      calls_(std::make_shared<Calls>()),
      thread_([this] { watch(); }) {}

Answers::~Answers() {
  {
    const std::lock_guard lock(calls_->mutex);
    calls_->stopping = true;
  }
  calls_->wake.notify_one();
  thread_.join();
  std::map<std::uint64_t, Calls::Call> left;
  {
    const std::lock_guard lock(calls_->mutex);
    left.swap(calls_->waiting);
  }
  for (auto& [number, call] : left)
    call.give_up({ErrorCode::kUnavailable, "the service is stopping"});
}

void Answers::watch() {
  std::unique_lock lock(calls_->mutex);
  while (!calls_->stopping) {
    if (calls_->waiting.empty())
      calls_->wake.wait(lock);
    else
      calls_->wake.wait_for(lock, std::chrono::microseconds(options_.look));
    auto overdue = calls_->overdue(options_.clock(), options_.obey);
    lock.unlock();
    for (auto& call : overdue)
      call.give_up({ErrorCode::kUnavailable,
                    "the executor has not answered in time; what it was given is given anew"});
    lock.lock();
  }
}

/// `done` for the first answer, and nothing for others.
template <class Answer>
std::function<void(Answer)> Answers::once(Micros longest, Cancelled cancelled,
                                          std::function<void(Answer)> done) {
  const auto tell = std::make_shared<std::function<void(Answer)>>(std::move(done));
  Calls::Call call;
  call.until = options_.clock() + longest + options_.grace;
  call.cancelled = std::move(cancelled);
  call.give_up = [tell](Error error) {
    Answer answer;
    put(answer, std::move(error));
    std::exchange(*tell, nullptr)(std::move(answer));
  };
  const std::lock_guard lock(calls_->mutex);
  const auto number = ++calls_->last;
  calls_->waiting.emplace(number, std::move(call));
  if (calls_->waiting.size() == 1) calls_->wake.notify_one();
  return [calls = calls_, number, tell](Answer answer) {
    // What it holds goes with the first answer, however long this is kept for a second one.
    if (calls->take(number)) std::exchange(*tell, nullptr)(std::move(answer));
  };
}

void Answers::run(cutout::Task task, std::int64_t estimated_bytes, Cancelled cancelled,
                  std::function<void(Finished)> done) {
  auto answer = once(longest_us(task), cancelled, checked(task, std::move(done)));
  behind_.run(std::move(task), estimated_bytes, std::move(cancelled), std::move(answer));
}

void Answers::run(cutout::Task task, CallerSink sink, Cancelled cancelled,
                  std::function<void(Finished)> done) {
  auto answer = once(longest_us(task), cancelled, checked(task, std::move(done)));
  behind_.run(std::move(task), std::move(sink), std::move(cancelled), std::move(answer));
}

void Answers::cover(cutout::Task task, Cancelled cancelled,
                    std::function<void(Result<std::string>)> done) {
  const auto items = static_cast<Micros>(task.items.size());
  auto answer =
      once(kMilli * task.budget.wall_ms * std::max<Micros>(1, items), cancelled, std::move(done));
  behind_.cover(std::move(task), std::move(cancelled), std::move(answer));
}

void Answers::describe(std::string survey, std::function<void(Result<nlohmann::json>)> done) {
  behind_.describe(std::move(survey), once(kQuestion, nullptr, std::move(done)));
}

void Answers::locate(cutout::Task task, Cancelled cancelled,
                     std::function<void(Result<nlohmann::json>)> done) {
  auto answer = once(kMilli * task.budget.wall_ms, cancelled, std::move(done));
  behind_.locate(std::move(task), std::move(cancelled), std::move(answer));
}

}  // namespace recorte::schedule
