/// Something of a provider's that is kept and asked for again: by one thread at a time, at most
/// every so often, and not lost where the provider does not answer.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace recorte::auth::oidc {

template <class T>
class Refreshed {
 public:
  using Known = std::shared_ptr<const T>;
  using Fetch = std::function<Result<T>()>;
  using Clock = std::function<std::int64_t()>;

  struct Options {
    Micros keep = 3'600'000'000;  ///< then it is asked for again
    Micros stale =
        24LL * 3'600 * 1'000'000;  ///< then it counts no more, whatever the provider does
    int burst = 3;                 ///< questions, which come back
    Micros again = 30'000'000;     ///< one in each of these
    Micros pause = 5'000'000;  ///< after a question that was not answered, which is none of them
    int most_waiting = 4;      ///< threads that wait for another's question
    Clock clock = monotonic_ms;
  };

  Refreshed(Fetch fetch, Options options)
      : fetch_(std::move(fetch)), options_(std::move(options)) {}

  /// As it is known, asked for before where it is older than it is kept. Its error where nothing is
  /// known.
  Result<Known> get() {
    std::unique_lock lock(mutex_);
    const bool usable = known_ && age() < options_.stale;
    if (usable && (age() < options_.keep || asking_)) return known_;
    const auto asked = renew(lock);
    if (!asked && !(known_ && age() < options_.stale)) return fail(asked.error());
    return known_;
  }

  /// Newer than `old`, asked for where that may be now; else `old`. Its error where the provider
  /// did not answer just now; kUnavailable where another thread is asking, and too many wait for
  /// that.
  Result<Known> renewed(const Known& old) {
    std::unique_lock lock(mutex_);
    if (known_ == old) RECORTE_TRY(renew(lock));
    return known_;
  }

 private:
  Micros age() const { return (options_.clock() - fetched_ms_) * 1'000; }

  /// Whether one more question may be asked, which is then counted.
  bool take_question() {
    const auto now = options_.clock();
    const auto whole = options_.again * options_.burst / 1'000;
    if (std::max(spent_until_ms_, now) + options_.again / 1'000 > now + whole) return false;
    spent_until_ms_ = std::max(spent_until_ms_, now) + options_.again / 1'000;
    return true;
  }

  /// An error says that it could not be asked; where it may not be asked now, it stays as it was.
  Status renew(std::unique_lock<std::mutex>& lock) {
    if (asking_) {
      if (waiting_ >= options_.most_waiting)
        return fail(Error{ErrorCode::kUnavailable, "the provider is being asked; try again", 1});
      ++waiting_;
      const auto question = question_;
      changed_.wait(lock, [&] { return question_ != question; });
      --waiting_;
      return error_ ? Status(fail(*error_)) : Status();
    }
    if (error_ && options_.clock() < next_ms_) return fail(*error_);
    if (!take_question()) return {};
    asking_ = true;
    const auto spent = spent_until_ms_ - options_.again / 1'000;
    lock.unlock();
    auto fetched = [&]() -> Result<T> {
      try {
        return fetch_();
      } catch (const std::exception& bug) {
        return fail(ErrorCode::kInternal, bug.what());
      }
    }();
    lock.lock();
    asking_ = false;
    ++question_;
    changed_.notify_all();
    if (fetched) {
      known_ = std::make_shared<const T>(std::move(*fetched));
      fetched_ms_ = options_.clock();
      error_.reset();
      return {};
    }
    spent_until_ms_ = spent;
    error_ = std::move(fetched).error();
    next_ms_ = options_.clock() + options_.pause / 1'000;
    return fail(*error_);
  }

  const Fetch fetch_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Known known_;
  std::optional<Error> error_;  ///< of the last question, where it was not answered
  bool asking_ = false;
  int waiting_ = 0;
  std::uint64_t question_ = 0;
  std::int64_t fetched_ms_ = 0, next_ms_ = 0;
  std::int64_t spent_until_ms_ = 0;  ///< when all questions will have come back
};

}  // namespace recorte::auth::oidc
