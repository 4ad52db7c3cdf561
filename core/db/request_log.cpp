// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/request_log.hpp"

#include "core/base/log.hpp"
#include "core/db/migrate.hpp"
#include "core/db/request_rows.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace recorte::db {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kOpening = 10s;      // to wait for other programs that start
constexpr auto kWriting = 1s;       // to wait for others that write, in each try
constexpr auto kGathering = 200ms;  // from the first record that waits to its writing
constexpr auto kBetweenRemovals = 10min;
constexpr auto kBetweenReports = 1min;
constexpr std::size_t kBatch = 500;  // records in a transaction, written or removed
constexpr std::size_t kMostBytes = 64U << 20;

std::size_t bytes_of(const RequestRecord& r) {
  return sizeof r + r.id.size() + r.user.size() + r.address.size() + r.method.size() +
         r.route.size() + r.target.size() + r.run_id.size() + r.survey.size() + r.canonical.size() +
         r.error.size();
}

}  // namespace

struct RequestLog::Implementation {
  explicit Implementation(Options given) : options(std::move(given)) {}

  void add(RequestRecord record);
  Status flush();
  void run();

  /// [writer] Until there is something to do. Called with the lock.
  void wait(std::unique_lock<std::mutex>& lock);
  std::vector<RequestRecord> take_batch();
  /// [writer] Tries, and tries again. Without the lock.
  Status write(const std::vector<RequestRecord>& batch);
  Status try_write(const std::vector<RequestRecord>& batch);
  void pause(int attempt);
  void remove_old();
  void report_lost(bool at_the_end);

  const Options options;
  // A small queue is written before it is full.
  const std::size_t enough = std::clamp<std::size_t>(options.waiting / 2, 1, kBatch);

  std::mutex mutex;
  std::condition_variable wake;     // the writer: something to do
  std::condition_variable written;  // those who flush: a batch is done
  std::deque<RequestRecord> queue;
  std::size_t queue_bytes = 0;
  Clock::time_point first_came;  // since when the first of the queue waits, at the longest
  std::uint64_t added = 0;       // to the queue
  std::uint64_t done = 0;        // of these: written or lost
  std::uint64_t failed = 0;      // of these: lost
  std::uint64_t refused = 0;     // never in the queue
  Error failure;                 // why the last of the failed were
  int flushing = 0;
  bool stopping = false;

  // The writer's own.
  std::unique_ptr<RequestRows> rows;
  std::minstd_rand random{std::random_device{}()};
  Clock::time_point next_removal = Clock::now(), next_report = Clock::now();
  std::uint64_t reported = 0, reported_failed = 0;
  std::thread writer;
};

void RequestLog::Implementation::add(RequestRecord record) {
  const auto bytes = bytes_of(record);
  const std::lock_guard lock(mutex);
  if (queue.size() >= options.waiting || queue_bytes + bytes > kMostBytes) {
    ++refused;
    return;
  }
  if (queue.empty()) first_came = Clock::now();
  queue.push_back(std::move(record));
  queue_bytes += bytes;
  ++added;
  if (queue.size() == 1 || queue.size() == enough) wake.notify_one();
}

Status RequestLog::Implementation::flush() {
  std::unique_lock lock(mutex);
  const auto mine = added;
  const auto failed_before = failed;
  ++flushing;
  wake.notify_one();
  written.wait(lock, [&] { return done >= mine; });
  --flushing;
  if (failed > failed_before) return fail(failure);
  return {};
}

void RequestLog::Implementation::run() {
  std::unique_lock lock(mutex);
  while (!stopping || !queue.empty()) {
    wait(lock);
    const auto batch = take_batch();
    const bool removing = !stopping && Clock::now() >= next_removal;
    lock.unlock();
    const auto status = batch.empty() ? Status() : write(batch);
    if (removing) remove_old();
    report_lost(false);
    lock.lock();
    done += batch.size();
    if (!status) {
      failure = status.error();
      failed += batch.size();
      if (stopping) {  // nobody waits for minutes at the end
        done += queue.size();
        failed += queue.size();
        queue.clear();
      }
    }
    written.notify_all();
  }
  lock.unlock();
  report_lost(true);
}

void RequestLog::Implementation::wait(std::unique_lock<std::mutex>& lock) {
  const auto ready = [&] {
    return stopping || (!queue.empty() && (flushing > 0 || queue.size() >= enough));
  };
  const auto deadline = [&] {
    auto time = next_removal;
    if (failed + refused > reported) time = std::min(time, next_report);
    return queue.empty() ? time : std::min(time, first_came + kGathering);
  };
  // Looked at anew each time, as the first record to come brings the deadline forward.
  while (!ready() && Clock::now() < deadline()) wake.wait_until(lock, deadline());
}

std::vector<RequestRecord> RequestLog::Implementation::take_batch() {
  const auto count = static_cast<std::ptrdiff_t>(std::min(queue.size(), kBatch));
  std::vector<RequestRecord> batch(std::make_move_iterator(queue.begin()),
                                   std::make_move_iterator(queue.begin() + count));
  queue.erase(queue.begin(), queue.begin() + count);
  for (const auto& record : batch) queue_bytes -= bytes_of(record);
  return batch;
}

Status RequestLog::Implementation::write(const std::vector<RequestRecord>& batch) {
  for (int attempt = 1;; ++attempt) {
    auto status = try_write(batch);
    if (status) return status;
    rows.reset();  // whatever is wrong with the connection, the next one may not have it
    if (attempt >= options.tries) return status;
    pause(attempt);
  }
}

Status RequestLog::Implementation::try_write(const std::vector<RequestRecord>& batch) {
  if (!rows) {
    auto opened = RequestRows::open(options.database, kWriting);
    if (!opened) return fail(std::move(opened).error());
    rows = std::move(*opened);
  }
  return rows->insert(batch);
}

/// Longer each time, and by chance, so that two who were in each other's way part.
void RequestLog::Implementation::pause(int attempt) {
  const auto least = 50ms * (1 << std::min(attempt, 5));
  const auto time = least + least * (random() % 100) / 100;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, time, [&] { return stopping; });
}

void RequestLog::Implementation::remove_old() {
  next_removal = Clock::now() + kBetweenRemovals;
  if (options.keep <= 0 || !rows) return;
  const auto removed = rows->remove_before(now_micros() - options.keep, kBatch);
  if (!removed) {
    log::write(log::Level::kWarn,
               "old records of requests were not removed: " + removed.error().message);
  } else if (*removed == kBatch) {
    next_removal = Clock::now() + kGathering;
  }
}

void RequestLog::Implementation::report_lost(bool at_the_end) {
  std::unique_lock lock(mutex);
  const auto now = Clock::now();
  const auto total = failed + refused;
  if (total == reported || (!at_the_end && now < next_report)) return;
  const auto count = std::to_string(total - reported);
  const auto reason = failed > reported_failed ? failure.message : "more came than can be written";
  reported = total;
  reported_failed = failed;
  next_report = now + kBetweenReports;
  lock.unlock();
  log::write(log::Level::kWarn, "records of requests were lost: " + reason, {{"count", count}});
}

Result<std::unique_ptr<RequestLog>> RequestLog::open(Options options) {
  RECORTE_TRY(open_schema(options.database, kOpening));
  auto implementation = std::make_unique<Implementation>(std::move(options));
  auto rows = RequestRows::open(implementation->options.database, kWriting);
  if (!rows) return fail(std::move(rows).error());
  implementation->rows = std::move(*rows);
  implementation->writer = std::thread([log = implementation.get()] { log->run(); });
  return std::unique_ptr<RequestLog>(new RequestLog(std::move(implementation)));
}

RequestLog::RequestLog(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

RequestLog::~RequestLog() {
  {
    const std::lock_guard lock(implementation_->mutex);
    implementation_->stopping = true;
  }
  implementation_->wake.notify_one();
  implementation_->writer.join();
}

void RequestLog::add(RequestRecord record) { implementation_->add(std::move(record)); }
Status RequestLog::flush() { return implementation_->flush(); }
std::uint64_t RequestLog::lost() const {
  const std::lock_guard lock(implementation_->mutex);
  return implementation_->failed + implementation_->refused;
}

}  // namespace recorte::db
