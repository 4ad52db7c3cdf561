// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/sessions.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <utility>

namespace recorte::db {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kStatement = 1s;  // that a statement waits for a lock, in each try
constexpr auto kChecking = 1s;

/// Longer each time, and by chance, so that two who were in each other's way part.
void pause(int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto least = 4ms * (1 << std::min(attempt, 6));
  std::this_thread::sleep_for(least + least * (random() % 100) / 100);
}

}  // namespace

/// One connection, while it is used.
class Sessions::Lease {
 public:
  Lease(Sessions& all, bool writing) : all_(all), alone_(writing && all.database_.embedded()) {}
  ~Lease() {
    if (!leased_) return;
    {
      const std::lock_guard lock(all_.mutex_);
      --all_.leased_;
      if (alone_) all_.writing_ = false;
      if (session_) all_.idle_.push_back(std::move(session_));
    }
    all_.given_back_.notify_all();
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// Waits for one, and opens it where it has to be.
  Status take(Clock::time_point deadline) {
    {
      std::unique_lock lock(all_.mutex_);
      const auto free = [&] {
        return all_.leased_ < all_.options_.most && !(alone_ && all_.writing_);
      };
      if (!all_.given_back_.wait_until(lock, deadline, free))
        return fail(ErrorCode::kUnavailable, "the connections to the database " +
                                                 all_.database_.name() +
                                                 " are kept busy by others; try again");
      ++all_.leased_;
      if (alone_) all_.writing_ = true;
      leased_ = true;
      if (!all_.idle_.empty()) {
        session_ = std::move(all_.idle_.back());
        all_.idle_.pop_back();
        return {};
      }
    }
    auto opened = open_session(all_.database_, kStatement, all_.options_.durability);
    if (!opened) return fail(std::move(opened).error());
    session_ = std::move(*opened);
    return {};
  }
  soci::session& session() { return *session_; }
  void drop() { session_.reset(); }

 private:
  Sessions& all_;
  const bool alone_;  // one that writes to SQLite
  std::unique_ptr<soci::session> session_;
  bool leased_ = false;
};

Sessions::Sessions(Database database, Options options)
    : database_(std::move(database)), options_(options) {}
Sessions::~Sessions() = default;

Status Sessions::run(bool writing, std::chrono::milliseconds patience, const Body& body) {
  const auto deadline = Clock::now() + patience;
  bool in_doubt = false;
  for (int attempt = 1;; ++attempt) {
    Error failure;
    bool again = false;
    {
      Lease lease(*this, writing);
      if (auto taken = lease.take(deadline); !taken) {
        failure = std::move(taken).error();
        again = !database_.embedded() && failure.code == ErrorCode::kUnavailable;
      } else {
        bool committing = false;
        try {
          if (!writing) return body(lease.session(), in_doubt);
          WriteTransaction transaction(lease.session());
          RECORTE_TRY(body(lease.session(), in_doubt));
          committing = true;
          transaction.commit();
          return {};
        } catch (const soci::soci_error& error) {
          const auto trouble = trouble_of(error);
          failure = database_error(error, database_);
          again = trouble == Trouble::kBusy || trouble == Trouble::kLost;
          if (trouble != Trouble::kBusy) lease.drop();
          if (trouble == Trouble::kLost) {
            in_doubt = in_doubt || committing;
            const std::lock_guard lock(mutex_);
            idle_.clear();  // the others were lost with it
          }
        }
      }
    }
    if (!again || Clock::now() >= deadline) return fail(std::move(failure));
    pause(attempt);
  }
}

Status Sessions::check() {
  return call<Status>(false, kChecking, [](soci::session& session, bool) -> Status {
    int number = 0;
    session << "select number from migration where number = 1", soci::into(number);
    return {};
  });
}

}  // namespace recorte::db
