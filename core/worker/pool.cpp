// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/pool.hpp"

#include "core/base/time.hpp"
#include "core/worker/channel.hpp"
#include "core/worker/process.hpp"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace recorte::worker {
namespace {

using nlohmann::json;

/// How often a waiting caller looks whether its task was cancelled.
constexpr std::int64_t kLookMs = 50;
/// How long a worker may take to obey a cancellation before it is killed.
constexpr std::int64_t kObeyMs = 500;
/// For what needs no pixels.
constexpr std::int64_t kQuestionMs = 60'000;

/// What a worker answered to that call; nullopt where the text is no answer to it.
std::optional<Result<json>> answer_in(const std::string& text, std::uint64_t call) {
  try {
    auto reply = json::parse(text);
    if (reply.at("call") != call) return {};
    if (!reply.contains("error")) return Result<json>(std::move(reply.at("result")));
    const auto& error = reply["error"];
    return Result<json>(fail(error_from_name(error.at("code").get<std::string>()),
                             error.at("message").get<std::string>()));
  } catch (const json::exception&) {
    return {};
  }
}

/// Rows and ranges of a report are used as they are: they must fit the task and its sink.
bool fits(const cutout::TaskReport& report, const cutout::Task& task, int sink) {
  struct stat status {};
  if (report.outcomes.size() != task.items.size() || ::fstat(sink, &status) != 0) return false;
  for (std::size_t i = 0; i < task.items.size(); ++i) {
    const auto& o = report.outcomes[i];
    if (o.row != task.items[i].row || o.offset < 0 || o.bytes < 0 ||
        o.offset > status.st_size - o.bytes)
      return false;
  }
  return true;
}

/// A worker that ended by itself: which plugin was at work, and how it ended.
Error crash(const std::string& stage, const std::string& how) {
  if (stage.empty())
    return {ErrorCode::kInternal, "a worker " + how + "; the request was lost, try it again"};
  return {ErrorCode::kPlugin, "the worker " + how + " in the " + stage +
                                  "; the plugin is at fault, and its author needs to know"};
}

}  // namespace

Pool::Pool(PoolOptions options) : options_(std::move(options)) {
  options_.workers = std::max<std::size_t>(1, options_.workers);
}
Pool::~Pool() = default;

Result<std::unique_ptr<Pool::Process>> Pool::start() {
  auto started = Process::start(options_);
  if (started) ++alive_;
  return started;
}

void Pool::bury(std::unique_ptr<Process> process) {
  process.reset();
  --alive_;
  ++deaths_;
}

Status Pool::warm() {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (idle_.size() + busy_ >= options_.workers) return {};
      ++busy_;  // its place, while it starts
    }
    auto started = start();
    if (!started) {
      give_back(nullptr);
      return fail(std::move(started).error());
    }
    give_back(std::move(*started));
  }
}

Result<std::unique_ptr<Pool::Process>> Pool::take(const std::atomic<bool>* cancelled) {
  std::vector<std::unique_ptr<Process>> dead;
  std::unique_ptr<Process> found;
  {
    std::unique_lock lock(mutex_);
    const auto is_free = [&] { return !idle_.empty() || busy_ < options_.workers; };
    while (!freed_.wait_for(lock, std::chrono::milliseconds(kLookMs), is_free))
      if (cancelled && cancelled->load()) return fail(ErrorCode::kCancelled, "cancelled");
    ++busy_;
    while (!idle_.empty() && !found) {
      auto process = std::move(idle_.back());
      idle_.pop_back();
      // An idle worker has nothing to say: one that does has died, or a plugin of its has spoken.
      auto& place = wait_readable(process->socket.get(), 0) ? dead.emplace_back() : found;
      place = std::move(process);
    }
  }
  for (auto& process : dead) bury(std::move(process));
  if (found) return found;
  auto started = start();
  if (!started) give_back(nullptr);
  return started;
}

void Pool::give_back(std::unique_ptr<Process> process) {
  const std::lock_guard lock(mutex_);
  --busy_;
  if (process) idle_.push_back(std::move(process));
  freed_.notify_one();
}

Result<json> Pool::call(json message, int sink, std::int64_t wall_ms,
                        const std::atomic<bool>* cancelled) {
  const auto number = ++calls_;
  message["call"] = number;
  const auto text = message.dump(-1, ' ', false, json::error_handler_t::replace);
  auto taken = take(cancelled);
  if (!taken) return fail(std::move(taken).error());
  auto process = std::move(*taken);
  process->control.set_cancelled(false);
  process->control.set_progress(0);
  process->control.set_stage("");

  auto deadline = monotonic_ms() + wall_ms;
  bool told = false;
  auto sent = send(process->socket.get(), text, sink, deadline);
  if (!sent && sent.error().code == ErrorCode::kTooLarge) {
    give_back(std::move(process));
    return fail(std::move(sent).error());
  }
  while (sent && cancelled && !told &&
         !wait_readable(process->socket.get(), std::min(deadline, monotonic_ms() + kLookMs)) &&
         monotonic_ms() < deadline) {
    if (!cancelled->load()) continue;
    process->control.set_cancelled(true);
    deadline = std::min(deadline, monotonic_ms() + kObeyMs);
    told = true;
  }
  auto reply =
      sent ? receive(process->socket.get(), deadline) : Result<Message>(fail(sent.error()));
  if (reply)
    if (auto answer = answer_in(reply->text, number)) {
      give_back(std::move(process));
      return std::move(*answer);
    }
  const auto stage = process->control.stage();
  const bool late = !reply && reply.error().code == ErrorCode::kTimeout;
  const bool garbled = reply || reply.error().code == ErrorCode::kPlugin;
  auto how = process->end();
  if (garbled) how = "sent what is no answer";
  bury(std::move(process));
  give_back(nullptr);
  if (told) return fail(ErrorCode::kCancelled, "cancelled");
  if (late)
    return fail(ErrorCode::kTimeout, "the task took longer than " + std::to_string(wall_ms) +
                                         " ms and was stopped" +
                                         (stage.empty() ? "" : " in the " + stage) +
                                         "; ask for less, or allow more time (timeout)");
  return fail(crash(stage, how));
}

Result<cutout::TaskReport> Pool::run(const cutout::Task& task, int sink,
                                     const std::atomic<bool>* cancelled) {
  auto reply = call({{"op", "run"}, {"task", to_json(task)}}, sink, task.budget.wall_ms, cancelled);
  if (!reply) return fail(std::move(reply).error());
  auto report = cutout::report_from_json(*reply);
  if (report && !fits(*report, task, sink))
    return fail(ErrorCode::kInternal, "a worker's report does not fit its task");
  return report;
}

Result<json> Pool::describe(const std::string& survey) {
  return call({{"op", "describe"}, {"survey", survey}}, -1, kQuestionMs, nullptr);
}

Result<json> Pool::locate(const cutout::Task& task, const std::atomic<bool>* cancelled) {
  return call({{"op", "locate"}, {"task", to_json(task)}}, -1, task.budget.wall_ms, cancelled);
}

}  // namespace recorte::worker
