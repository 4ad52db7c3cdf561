// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/pool.hpp"

#include "core/base/time.hpp"
#include "core/plugin/stage.hpp"
#include "core/worker/channel.hpp"
#include "core/worker/process.hpp"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace recorte::worker {
namespace {

/// How often a waiting caller looks whether its task was cancelled.
constexpr std::int64_t kLookMs = 50;
/// A message that an idle worker's socket takes at once: less than the least buffer of one.
constexpr std::size_t kSentAtOnce = 64 << 10;
constexpr std::string_view kKilled = "was killed by SIGKILL";  ///< as Process::end() says it
/// For one that has just been started to answer.
constexpr std::int64_t kStartMs = 60'000;

template <class T>
bool same(const std::shared_ptr<T>& a, const std::shared_ptr<T>& b) {
  return a == b || (a && b && *a == *b);
}
bool same(const Terms& a, const Terms& b) {
  return same(a.readable, b.readable) && same(a.plugins, b.plugins);
}

/// It has started, and answers.
Status greet(int socket) {
  const auto deadline = monotonic_ms() + kStartMs;
  RECORTE_TRY(send(socket, encode(Question{0, Operation::kLoad, ""}), -1, deadline));
  auto message = receive(socket, deadline);
  if (!message) return fail(std::move(message).error());
  const auto reply = decode_reply(message->text);
  if (!reply || !reply->body)
    return fail(ErrorCode::kInternal, "a new worker answers with what is no answer");
  return {};
}

/// Rows and ranges of a report are used as they are: they must fit the task and its sink.
bool fits(const cutout::TaskReport& report, const cutout::Task& task, int sink) {
  struct stat status {};
  const auto made = report.outcomes.size();
  const bool early = task.log_items && task.budget.slice_ms > 0 && made > 0;
  if (made > task.items.size() || (made < task.items.size() && !early)) return false;
  if (::fstat(sink, &status) != 0) return false;
  for (std::size_t i = 0; i < made; ++i) {
    const auto& o = report.outcomes[i];
    if (o.row != task.items[i].row || o.offset < 0 || o.bytes < 0 ||
        o.offset > status.st_size - o.bytes)
      return false;
  }
  return true;
}

Result<cutout::TaskReport> report_of(Result<std::string> reply, const cutout::Task& task,
                                     int sink) {
  if (!reply) return fail(std::move(reply).error());
  auto report = cutout::decode_report(*reply);
  if (report && !fits(*report, task, sink))
    return fail(ErrorCode::kInternal, "a worker's report does not fit its task");
  return report;
}

Result<nlohmann::json> document_of(Result<std::string> reply) {
  if (!reply) return fail(std::move(reply).error());
  auto document = nlohmann::json::parse(*reply, nullptr, false);
  if (document.is_discarded()) return fail(ErrorCode::kInternal, "a worker's answer is no JSON");
  return document;
}

/// Where a task with `log_items` broke off: " at item 3 of 256 (row 17)".
std::string item_at_work(const cutout::Task& task, std::uint64_t finished) {
  if (!task.log_items || finished >= task.items.size()) return "";
  return " at item " + std::to_string(finished + 1) + " of " + std::to_string(task.items.size()) +
         " (row " + std::to_string(task.items[finished].row) + ")";
}

/// A worker that ended by itself: which plugin was at work, and how it ended. SIGKILL comes from
/// the machine or its operator; in a task with a log, the item at hand counts all the same, as it
/// may be what the machine could not bear.
Error crash(const std::string& stage, const std::string& how, const std::string& where) {
  if (stage.empty())
    return {how == kKilled && where.empty() ? ErrorCode::kUnavailable : ErrorCode::kInternal,
            "a worker " + how + where + "; the request was lost, try it again"};
  return {ErrorCode::kPlugin, "the worker " + how + " in the " + stage + where +
                                  "; the plugin is at fault, and its author needs to know"};
}

}  // namespace

Pool::Begun::Begun() = default;
Pool::Begun::Begun(Begun&&) noexcept = default;
Pool::Begun& Pool::Begun::operator=(Begun&&) noexcept = default;
Pool::Begun::~Begun() = default;

Pool::Pool(PoolOptions options) : options_(std::move(options)) {
  options_.workers = std::max<std::size_t>(1, options_.workers);
  if (options_.places) options_.places->join(*this);
}

Pool::~Pool() {
  if (!options_.places) return;
  options_.places->leave(*this);
  idle_.clear();
  options_.places->give_back(alive_);
}

Result<std::unique_ptr<Pool::Process>> Pool::start() {
  if (options_.places) options_.places->take();
  Terms terms;
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    terms = options_.terms;
    generation = generation_;
  }
  auto started = Process::start(options_, terms, generation);
  if (started)
    ++alive_;
  else if (options_.places)
    options_.places->give_back();
  return started;
}

void Pool::end(std::unique_ptr<Process> process) {
  process.reset();
  --alive_;
  if (options_.places) options_.places->give_back();
}

void Pool::bury(std::unique_ptr<Process> process) {
  end(std::move(process));
  ++deaths_;
}

Result<Pool::Ready> Pool::prepare(const Terms& terms) {
  const auto next = std::make_shared<Prepared>();
  next->terms = terms;
  while (next->workers.size() < options_.workers) {
    auto started = Process::start(options_, terms, 0);
    if (!started) return fail(std::move(started).error());
    next->workers.push_back(std::move(*started));
  }
  for (const auto& process : next->workers)
    if (auto greeted = greet(process->socket.get()); !greeted)
      return fail(ErrorCode::kUnavailable, "a new worker does not start: it " + process->end() +
                                               " (" + greeted.error().message + ")");
  const std::lock_guard lock(mutex_);
  prepared_ = next;
  return next;
}

std::vector<Pool::Retired> Pool::renew(Terms terms) {
  std::vector<Retired> out;
  const std::lock_guard lock(mutex_);
  for (auto& process : idle_)
    out.emplace_back(process.release(), [places = options_.places](const Process* old) {
      delete old;
      if (places) places->give_back();
    });
  alive_ -= out.size();
  idle_.clear();
  ++generation_;
  if (const auto ready = std::exchange(prepared_, {}).lock(); ready && same(ready->terms, terms))
    for (auto& process : std::exchange(ready->workers, {})) {
      process->generation = generation_;
      idle_.push_back(std::move(process));
      ++alive_;
    }
  options_.terms = std::move(terms);
  return out;
}

Pool::Retired Pool::retire_one() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  std::shared_ptr<Process> out = std::move(idle_.front());
  idle_.erase(idle_.begin());
  --alive_;
  return out;
}

/// One that died idle is still among the idle until its turn comes.
std::size_t Pool::alive() const {
  const std::lock_guard lock(mutex_);
  const auto dead = static_cast<std::size_t>(std::ranges::count_if(
      idle_, [](const auto& process) { return wait_readable(process->socket.get(), 0); }));
  const auto all = alive_.load();
  return all > dead ? all - dead : 0;
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

std::unique_ptr<Pool::Process> Pool::idle(std::uint64_t place,
                                          std::vector<std::unique_ptr<Process>>& dead) {
  // From the coldest to the one that worked last; the one that knows the place after all.
  std::stable_partition(idle_.begin(), idle_.end(),
                        [&](const auto& process) { return !process->warmth.holds(place); });
  while (!idle_.empty()) {
    auto process = std::move(idle_.back());
    idle_.pop_back();
    // An idle worker has nothing to say: one that does has died, or a plugin of its has spoken.
    if (!wait_readable(process->socket.get(), 0)) {
      process->warmth.add(place);
      return process;
    }
    dead.push_back(std::move(process));
  }
  return nullptr;
}

Result<std::unique_ptr<Pool::Process>> Pool::take(std::uint64_t place,
                                                  const std::atomic<bool>* cancelled) {
  std::vector<std::unique_ptr<Process>> dead;
  std::unique_ptr<Process> found;
  {
    std::unique_lock lock(mutex_);
    const auto is_free = [&] { return !idle_.empty() || busy_ < options_.workers; };
    while (!freed_.wait_for(lock, std::chrono::milliseconds(kLookMs), is_free))
      if (cancelled && cancelled->load()) return fail(ErrorCode::kCancelled, "cancelled");
    ++busy_;
    found = idle(place, dead);
  }
  for (auto& process : dead) bury(std::move(process));
  if (found) return found;
  auto started = start();
  if (!started) give_back(nullptr);
  return started;
}

void Pool::give_back(std::unique_ptr<Process> process) {
  std::unique_ptr<Process> old;
  {
    const std::lock_guard lock(mutex_);
    --busy_;
    if (process && process->generation != generation_) old = std::move(process);
    if (process) idle_.push_back(std::move(process));
    freed_.notify_one();
  }
  if (old) end(std::move(old));
}

Pool::Begun Pool::tell(std::unique_ptr<Process> process, Question question, int sink, Time time) {
  Begun begun;
  last_used_ = monotonic_ms();
  question.call = begun.call_ = ++calls_;
  process->control.set_cancelled(false);
  process->control.set_progress(0);
  process->control.set_stage("");
  process->control.set_finished(0);
  begun.wall_ms_ = time.wall_ms;
  begun.moves_ = time.moves;
  begun.deadline_ = monotonic_ms() + time.wall_ms;
  begun.sent_ = send(process->socket.get(), encode(question), sink, begun.deadline_);
  begun.process_ = std::move(process);
  return begun;
}

Result<std::string> Pool::hear(Begun begun, const std::atomic<bool>* cancelled,
                               const cutout::Task* task) {
  auto process = std::move(begun.process_);
  auto deadline = begun.deadline_;
  auto& sent = begun.sent_;
  std::uint64_t finished = 0;
  bool told = false;
  if (!sent && sent.error().code == ErrorCode::kTooLarge) {
    give_back(std::move(process));
    return fail(std::move(sent).error());
  }
  while (sent && (cancelled || begun.moves_) && !told &&
         !wait_readable(process->socket.get(), std::min(deadline, monotonic_ms() + kLookMs))) {
    if (const auto now = process->control.finished(); begun.moves_ && now != finished) {
      finished = now;
      deadline = monotonic_ms() + begun.wall_ms_;
    }
    if (monotonic_ms() >= deadline) break;
    if (!cancelled || !cancelled->load()) continue;
    process->control.set_cancelled(true);
    deadline = std::min(deadline, monotonic_ms() + options_.grace_ms);
    told = true;
  }
  auto message =
      sent ? receive(process->socket.get(), deadline) : Result<Message>(fail(sent.error()));
  if (message)
    if (auto reply = decode_reply(message->text); reply && reply->call == begun.call_) {
      give_back(std::move(process));
      for (const auto& [plugin, how] : reply->faults) options_.fared(plugin, how);
      return std::move(reply->body);
    }
  const bool late = !message && message.error().code == ErrorCode::kTimeout;
  const auto stage = process->control.stage();
  const auto where = task ? item_at_work(*task, process->control.finished()) : "";
  const Error too_late{ErrorCode::kTimeout,
                       "the task took longer than " + std::to_string(begun.wall_ms_) +
                           " ms and was stopped" + (stage.empty() ? "" : " in the " + stage) +
                           where + "; ask for less, or allow more time (timeout)"};
  if (late && !told && obeys(*process, begun.call_)) {
    give_back(std::move(process));
    return fail(too_late);
  }
  const bool garbled = message || message.error().code == ErrorCode::kPlugin;
  auto how = process->end();
  if (garbled) how = "sent what is no answer";
  bury(std::move(process));
  give_back(nullptr);
  if (told) return fail(ErrorCode::kCancelled, "cancelled");
  if (late) {
    failed(stage, "it hung in the " + stage);
    return fail(too_late);
  }
  failed(stage, "it " + how + " in the " + stage);
  options_.crashed(crash(stage, how, "").message);  // whatever it was at: one fault, one text
  return fail(crash(stage, how, where));
}

bool Pool::obeys(const Process& process, std::uint64_t call) const {
  process.control.set_cancelled(true);
  const auto message = receive(process.socket.get(), monotonic_ms() + options_.grace_ms);
  const auto reply = message ? decode_reply(message->text) : std::nullopt;
  return reply && reply->call == call;
}

void Pool::failed(const std::string& stage, const std::string& how) const {
  if (const auto plugin = plugin::plugin_of(stage); !plugin.empty()) options_.fared(plugin, how);
}

Result<cutout::TaskReport> Pool::pass_on(Result<cutout::TaskReport> report) const {
  if (!report) return report;
  for (const auto& outcome : report->outcomes)
    if (!outcome.error)
      for (const auto& plugin : {outcome.adapter, outcome.algorithm}) options_.fared(plugin, "");
  return report;
}

Result<std::string> Pool::ask(Question question, std::uint64_t place, int sink, Time time,
                              const std::atomic<bool>* cancelled, const cutout::Task* task) {
  auto taken = take(place, cancelled);
  if (!taken) return fail(std::move(taken).error());
  return hear(tell(std::move(*taken), std::move(question), sink, time), cancelled, task);
}

std::optional<Pool::Begun> Pool::begin(const cutout::Task& task, int sink) {
  auto body = cutout::encode(task);
  if (body.size() > kSentAtOnce) return {};
  const auto place = place_of(task);
  std::vector<std::unique_ptr<Process>> dead;
  std::unique_ptr<Process> found;
  {
    const std::lock_guard lock(mutex_);
    found = idle(place, dead);
    if (found) ++busy_;
  }
  for (auto& process : dead) {
    process->end();  // now: nobody waits here for one to go in order
    bury(std::move(process));
  }
  if (!found) return {};
  return tell(std::move(found), {0, Operation::kRun, std::move(body)}, sink, time_of(task));
}

Result<cutout::TaskReport> Pool::finish(Begun begun, const cutout::Task& task, int sink,
                                        const std::atomic<bool>* cancelled) {
  return pass_on(report_of(hear(std::move(begun), cancelled, &task), task, sink));
}

Result<cutout::TaskReport> Pool::run(const cutout::Task& task, int sink,
                                     const std::atomic<bool>* cancelled) {
  return pass_on(report_of(ask({0, Operation::kRun, cutout::encode(task)}, place_of(task), sink,
                               time_of(task), cancelled, &task),
                           task, sink));
}

Result<nlohmann::json> Pool::describe(const std::string& survey, std::int64_t wall_ms) {
  return document_of(ask({0, Operation::kDescribe, survey}, 0, -1, {wall_ms}, nullptr));
}

Result<nlohmann::json> Pool::locate(const cutout::Task& task, const std::atomic<bool>* cancelled) {
  return document_of(ask({0, Operation::kLocate, cutout::encode(task)}, place_of(task), -1,
                         {task.budget.wall_ms}, cancelled));
}

Status Pool::load(const std::filesystem::path& file, std::int64_t wall_ms) {
  if (auto loaded = ask({0, Operation::kLoad, file.string()}, 0, -1, {wall_ms}, nullptr); !loaded)
    return fail(std::move(loaded).error());
  return {};
}

Result<std::string> Pool::cover(const cutout::Task& task, const std::atomic<bool>* cancelled) {
  auto covers = ask({0, Operation::kCover, cutout::encode(task)}, place_of(task), -1,
                    {task.budget.wall_ms, true}, cancelled);
  if (covers &&
      (covers->size() != task.items.size() ||
       std::any_of(covers->begin(), covers->end(), [](char c) { return c < 0 || c > 2; })))
    return fail(ErrorCode::kInternal, "a worker's answer does not fit its task");
  return covers;
}

}  // namespace recorte::worker
