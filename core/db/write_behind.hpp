/// Rows written behind by a thread of its own: in batches, each tried again while the database is
/// busy or away, and removed when they are as old as configured. What does not fit the bounded
/// queue, or cannot be written, is counted, logged, and lost. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "core/db/database.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace recorte::db {

template <class Record>
struct WriteBehindOptions {
  Database database;                       ///< that is migrated
  std::string_view what;                   ///< "records of requests", in messages
  std::size_t waiting = 0;                 ///< records not yet written, at most 64 MiB of them
  Micros keep = 0;                         ///< older ones are removed; 0: kept for ever
  int tries = 0;                           ///< of writing a batch, before its records are lost
  std::size_t (*bytes_of)(const Record&);  ///< in memory
};

/// `Rows` has `static open(database, patience)`, `insert(records)`, all or none and again without
/// harm, and `remove_before(time, most)`.
template <class Record, class Rows>
class WriteBehind {
 public:
  static Result<std::unique_ptr<WriteBehind>> start(WriteBehindOptions<Record> options);
  /// Writes what waits; where a batch of it cannot be written, the rest is lost too.
  ~WriteBehind();
  WriteBehind(const WriteBehind&) = delete;
  WriteBehind& operator=(const WriteBehind&) = delete;

  /// [any thread] Never blocks on the disk.
  void add(Record record);
  /// Waits until what was added before is in the database; kUnavailable says why some of it is not.
  Status flush();
  /// Records that are in no database.
  std::uint64_t lost() const;

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kWriting{1};           // to wait for others, in each try
  static constexpr std::chrono::milliseconds kGathering{200};  // from the first that waits
  static constexpr std::chrono::minutes kBetweenRemovals{10};
  static constexpr std::chrono::minutes kBetweenReports{1};
  static constexpr std::size_t kBatch = 500;  // records in a transaction, written or removed
  static constexpr std::size_t kMostBytes = 64U << 20;
  static constexpr int kTriesAtTheEnd = 8;

  explicit WriteBehind(WriteBehindOptions<Record> options) : options_(std::move(options)) {}

  void run();
  /// [writer] Until there is something to do. Called with the lock.
  void wait(std::unique_lock<std::mutex>& lock);
  std::vector<Record> take_batch();
  /// [writer] Tries, and tries again. Without the lock.
  Status write(const std::vector<Record>& batch);
  Status try_write(const std::vector<Record>& batch);
  /// False where the end has come.
  bool pause(int attempt);
  void remove_old();
  void report_lost(bool at_the_end);

  const WriteBehindOptions<Record> options_;
  // A small queue is written before it is full.
  const std::size_t enough_ = std::clamp<std::size_t>(options_.waiting / 2, 1, kBatch);

  mutable std::mutex mutex_;
  std::condition_variable wake_;     // the writer: something to do
  std::condition_variable written_;  // those who flush: a batch is done
  std::deque<Record> queue_;
  std::size_t queue_bytes_ = 0;
  Clock::time_point first_came_;  // since when the first of the queue waits, at the longest
  std::uint64_t added_ = 0;       // to the queue
  std::uint64_t done_ = 0;        // of these: written or lost
  std::uint64_t failed_ = 0;      // of these: lost
  std::uint64_t refused_ = 0;     // never in the queue
  Error failure_;                 // why the last of the failed were
  int flushing_ = 0;
  bool stopping_ = false;

  // The writer's own.
  std::unique_ptr<Rows> rows_;
  std::minstd_rand random_{std::random_device{}()};
  Clock::time_point next_removal_ = Clock::now(), next_report_ = Clock::now();
  std::uint64_t reported_ = 0, reported_failed_ = 0;
  std::thread writer_;
};

template <class Record, class Rows>
void WriteBehind<Record, Rows>::add(Record record) {
  const auto bytes = options_.bytes_of(record);
  const std::lock_guard lock(mutex_);
  if (queue_.size() >= options_.waiting || queue_bytes_ + bytes > kMostBytes) {
    ++refused_;
    return;
  }
  if (queue_.empty()) first_came_ = Clock::now();
  queue_.push_back(std::move(record));
  queue_bytes_ += bytes;
  ++added_;
  if (queue_.size() == 1 || queue_.size() == enough_) wake_.notify_one();
}

template <class Record, class Rows>
Status WriteBehind<Record, Rows>::flush() {
  std::unique_lock lock(mutex_);
  const auto mine = added_;
  const auto failed_before = failed_;
  ++flushing_;
  wake_.notify_one();
  written_.wait(lock, [&] { return done_ >= mine; });
  --flushing_;
  if (failed_ > failed_before) return fail(failure_);
  return {};
}

template <class Record, class Rows>
void WriteBehind<Record, Rows>::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_ || !queue_.empty()) {
    wait(lock);
    const auto batch = take_batch();
    const bool removing = !stopping_ && Clock::now() >= next_removal_;
    lock.unlock();
    const auto status = batch.empty() ? Status() : write(batch);
    if (removing) remove_old();
    report_lost(false);
    lock.lock();
    done_ += batch.size();
    if (!status) {
      failure_ = status.error();
      failed_ += batch.size();
      if (stopping_) {  // nobody waits for minutes at the end
        done_ += queue_.size();
        failed_ += queue_.size();
        queue_.clear();
      }
    }
    written_.notify_all();
  }
  lock.unlock();
  report_lost(true);
}

template <class Record, class Rows>
void WriteBehind<Record, Rows>::wait(std::unique_lock<std::mutex>& lock) {
  const auto ready = [&] {
    return stopping_ || (!queue_.empty() && (flushing_ > 0 || queue_.size() >= enough_));
  };
  const auto deadline = [&] {
    auto time = next_removal_;
    if (failed_ + refused_ > reported_) time = std::min(time, next_report_);
    return queue_.empty() ? time : std::min(time, first_came_ + kGathering);
  };
  // Looked at anew each time, as the first record to come brings the deadline forward.
  while (!ready() && Clock::now() < deadline()) wake_.wait_until(lock, deadline());
}

template <class Record, class Rows>
std::vector<Record> WriteBehind<Record, Rows>::take_batch() {
  const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), kBatch));
  std::vector<Record> batch(std::make_move_iterator(queue_.begin()),
                            std::make_move_iterator(queue_.begin() + count));
  queue_.erase(queue_.begin(), queue_.begin() + count);
  for (const auto& record : batch) queue_bytes_ -= options_.bytes_of(record);
  return batch;
}

template <class Record, class Rows>
Status WriteBehind<Record, Rows>::write(const std::vector<Record>& batch) {
  for (int attempt = 1;; ++attempt) {
    auto status = try_write(batch);
    if (status) return status;
    rows_.reset();  // whatever is wrong with the connection, the next one may not have it
    if (attempt >= (pause(attempt) ? options_.tries : kTriesAtTheEnd)) return status;
  }
}

template <class Record, class Rows>
Status WriteBehind<Record, Rows>::try_write(const std::vector<Record>& batch) {
  if (!rows_) {
    auto opened = Rows::open(options_.database, kWriting);
    if (!opened) return fail(std::move(opened).error());
    rows_ = std::move(*opened);
  }
  return rows_->insert(batch);
}

/// Longer each time, and by chance, so that two who were in each other's way part.
template <class Record, class Rows>
bool WriteBehind<Record, Rows>::pause(int attempt) {
  const auto least = std::chrono::milliseconds(50) * (1 << std::min(attempt, 5));
  const auto time = least + least * (random_() % 100) / 100;
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, time, [&] { return stopping_; });
}

template <class Record, class Rows>
void WriteBehind<Record, Rows>::remove_old() {
  next_removal_ = Clock::now() + kBetweenRemovals;
  if (options_.keep <= 0 || !rows_) return;
  const auto removed = rows_->remove_before(now_micros() - options_.keep, kBatch);
  if (!removed) {
    log::write(log::Level::kWarn, "old " + std::string(options_.what) +
                                      " were not removed: " + removed.error().message);
  } else if (*removed == kBatch) {
    next_removal_ = Clock::now() + kGathering;
  }
}

template <class Record, class Rows>
void WriteBehind<Record, Rows>::report_lost(bool at_the_end) {
  std::unique_lock lock(mutex_);
  const auto now = Clock::now();
  const auto total = failed_ + refused_;
  if (total == reported_ || (!at_the_end && now < next_report_)) return;
  const auto count = std::to_string(total - reported_);
  const auto reason =
      failed_ > reported_failed_ ? failure_.message : "more came than can be written";
  reported_ = total;
  reported_failed_ = failed_;
  next_report_ = now + kBetweenReports;
  lock.unlock();
  log::write(log::Level::kWarn, std::string(options_.what) + " were lost: " + reason,
             {{"count", count}});
}

template <class Record, class Rows>
Result<std::unique_ptr<WriteBehind<Record, Rows>>> WriteBehind<Record, Rows>::start(
    WriteBehindOptions<Record> options) {
  auto rows = Rows::open(options.database, kWriting);
  if (!rows) return fail(std::move(rows).error());
  std::unique_ptr<WriteBehind> out(new WriteBehind(std::move(options)));
  out->rows_ = std::move(*rows);
  out->writer_ = std::thread([log = out.get()] { log->run(); });
  return out;
}

template <class Record, class Rows>
WriteBehind<Record, Rows>::~WriteBehind() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  writer_.join();
}

template <class Record, class Rows>
std::uint64_t WriteBehind<Record, Rows>::lost() const {
  const std::lock_guard lock(mutex_);
  return failed_ + refused_;
}

}  // namespace recorte::db
