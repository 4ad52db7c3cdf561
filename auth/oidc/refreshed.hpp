/// Something of a provider's that is kept and asked for again: by one thread at a time, at most
/// every so often, and not lost where the provider does not answer.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <condition_variable>
#include <cstdint>
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
    Micros keep = 3'600'000'000;            ///< then it is asked for again
    Micros stale = 24LL * 3'600 * 1'000'000;  ///< then it counts no more, whatever the provider does
    Micros pause = 30'000'000;        ///< between two questions, where the first was answered
    Micros failed_pause = 5'000'000;  ///< where it was not
    int most_waiting = 4;             ///< threads that wait for another's question
    Clock clock = monotonic_ms;
  };

  Refreshed(Fetch fetch, Options options) : fetch_(std::move(fetch)), options_(std::move(options)) {}

  /// As it is known, asked for before where it is older than it is kept. Its error where nothing is
  /// known.
  Result<Known> get() {
    std::unique_lock lock(mutex_);
    const bool usable = known_ && age() < options_.stale;
    if (usable && age() < options_.keep) return known_;
    return renew(lock, usable);
  }

  /// Newer than `old`, where it may be asked for now; else `old`. kUnavailable where another thread
  /// is asking, and too many wait for that already.
  Result<Known> renewed(const Known& old) {
    std::unique_lock lock(mutex_);
    if (known_ && known_ != old) return known_;
    return renew(lock, true);
  }

 private:
  Micros age() const { return (options_.clock() - fetched_ms_) * 1'000; }
  Micros since_question() const { return (options_.clock() - asked_ms_) * 1'000; }

  /// `usable`: what is known will do where nobody may ask, or nobody answers.
  Result<Known> renew(std::unique_lock<std::mutex>& lock, bool usable) {
    const auto as_known = [&]() -> Result<Known> {
      if (usable && known_) return known_;
      return fail(error_);
    };
    if (asking_) {
      if (usable && known_ && age() >= options_.keep) return known_;  // old, and nobody waits for that
      if (waiting_ >= options_.most_waiting)
        return fail(Error{ErrorCode::kUnavailable, "the provider is being asked; try again", 1});
      ++waiting_;
      const auto question = question_;
      changed_.wait(lock, [&] { return question_ != question; });
      --waiting_;
      usable = usable || (known_ && age() < options_.stale);
      return as_known();
    }
    if (asked_once_ && since_question() < (failed_ ? options_.failed_pause : options_.pause))
      return as_known();
    asking_ = asked_once_ = true;
    lock.unlock();
    auto fetched = fetch_();
    lock.lock();
    asking_ = false;
    asked_ms_ = options_.clock();
    failed_ = !fetched;
    ++question_;
    if (fetched) {
      known_ = std::make_shared<const T>(std::move(*fetched));
      fetched_ms_ = asked_ms_;
      usable = true;
    } else {
      error_ = std::move(fetched).error();
    }
    changed_.notify_all();
    return as_known();
  }

  const Fetch fetch_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Known known_;
  Error error_{ErrorCode::kUnavailable, "the provider was not asked yet", 1};
  bool asking_ = false, asked_once_ = false, failed_ = false;
  int waiting_ = 0;
  std::uint64_t question_ = 0;
  std::int64_t fetched_ms_ = 0, asked_ms_ = 0;
};

}  // namespace recorte::auth::oidc
