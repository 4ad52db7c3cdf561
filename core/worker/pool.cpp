// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/pool.hpp"

#include "core/base/time.hpp"
#include "core/worker/channel.hpp"
#include "core/worker/process.hpp"

#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/wait.h>

namespace recorte::worker {
namespace {

using nlohmann::json;

/// How often a waiting caller looks whether its task was cancelled.
constexpr std::int64_t kLookMs = 50;
/// How long a worker may take to obey a cancellation before it is killed.
constexpr std::int64_t kObeyMs = 500;
/// For what needs no pixels.
constexpr std::int64_t kQuestionMs = 60'000;

Result<json> unwrap(const json& reply) {
  if (!reply.contains("error")) return reply.at("result");
  const auto& error = reply["error"];
  return fail(error_from_name(error.at("code").get<std::string>()), error.at("message"));
}

/// A worker that ended by itself: which plugin was at work, and how it ended.
Error crash(const std::string& stage, const std::string& how) {
  if (stage.empty())
    return {ErrorCode::kInternal, "a worker " + how + "; the request was lost, try it again"};
  return {ErrorCode::kPlugin, "the worker " + how + " in the " + stage +
                                  "; the plugin is at fault, and its author needs to know"};
}

}  // namespace

Pool::Pool(PoolOptions options) : options_(std::move(options)) {}
Pool::~Pool() = default;

Result<std::unique_ptr<Pool::Process>> Pool::take() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [&] { return !idle_.empty() || busy_ < options_.workers; });
  ++busy_;
  if (!idle_.empty()) {
    auto process = std::move(idle_.back());
    idle_.pop_back();
    return process;
  }
  lock.unlock();
  auto started = Process::start(options_);
  if (!started) give_back(nullptr);
  return started;
}

void Pool::give_back(std::unique_ptr<Process> process) {
  const std::lock_guard lock(mutex_);
  --busy_;
  if (process) idle_.push_back(std::move(process));
  freed_.notify_one();
}

Result<json> Pool::call(const json& message, int sink, std::int64_t wall_ms,
                        const std::atomic<bool>* cancelled) {
  auto taken = take();
  if (!taken) return fail(std::move(taken).error());
  auto process = std::move(*taken);
  process->control.set_cancelled(false);
  process->control.set_progress(0);
  process->control.set_stage("");

  auto deadline = monotonic_ms() + wall_ms;
  bool told = false;
  auto sent = send(process->socket.get(), message.dump(), sink);
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
  if (reply) {
    give_back(std::move(process));
    return unwrap(json::parse(reply->text));
  }
  const auto stage = process->control.stage();
  const bool late = reply.error().code == ErrorCode::kTimeout;
  const auto how = process->end();
  process.reset();
  give_back(nullptr);
  ++deaths_;
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
  return cutout::report_from_json(*reply);
}

Result<json> Pool::describe(const std::string& survey) {
  return call({{"op", "describe"}, {"survey", survey}}, -1, kQuestionMs, nullptr);
}

Result<json> Pool::locate(const cutout::Task& task) {
  return call({{"op", "locate"}, {"task", to_json(task)}}, -1, task.budget.wall_ms, nullptr);
}

}  // namespace recorte::worker
