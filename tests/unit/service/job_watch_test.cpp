// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_watch.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <optional>

namespace recorte::service {
namespace {

constexpr auto kLong = std::chrono::seconds(30);
constexpr std::int64_t kSeconds = 3'600;

/// A job whose version a test sets.
struct Watched {
  std::atomic<std::int64_t> version = 1;
  std::optional<JobWatch> watch{std::in_place, [this](const std::string& id) {
                                  job::Job job;
                                  job.id = id;
                                  job.version = version;
                                  return Result<job::Job>(job);
                                }};
};

TEST(JobWatch, TellsOfAChange) {
  Watched watched;
  std::promise<std::int64_t> told;
  watched.watch->wait("a", 1, kSeconds, [&](const auto& job) { told.set_value(job->version); });
  watched.version = 2;
  watched.watch->told("a");
  auto future = told.get_future();
  ASSERT_EQ(future.wait_for(kLong), std::future_status::ready);
  EXPECT_EQ(future.get(), 2);
}

TEST(JobWatch, OneWhoTakesLongToAnswerHoldsUpNobodyElse) {
  Watched watched;
  std::promise<void> go_on, told;
  auto may_go_on = go_on.get_future().share();
  watched.version = 2;
  watched.watch->wait("a", 1, kSeconds, [may_go_on](const auto&) { may_go_on.wait(); });
  watched.watch->wait("b", 1, kSeconds, [&](const auto&) { told.set_value(); });
  EXPECT_EQ(told.get_future().wait_for(kLong), std::future_status::ready);
  go_on.set_value();
}

/// Waits again whenever it is told that nothing has changed, as UWS does until its own time is
/// over.
void wait_on(JobWatch& watch, std::atomic<int>& refused) {
  watch.wait("a", 1, kSeconds, [&](const auto& job) {
    if (job) return wait_on(watch, refused);
    EXPECT_EQ(job.error().code, ErrorCode::kUnavailable);
    ++refused;
  });
}

TEST(JobWatch, TheEndRefusesThoseWhoWaitAgain) {
  std::atomic<int> refused = 0;
  std::promise<void> ended;
  std::thread thread([&] {
    Watched watched;
    for (int i = 0; i < 5; ++i) wait_on(*watched.watch, refused);
    watched.watch.reset();
    ended.set_value();
  });
  if (ended.get_future().wait_for(kLong) != std::future_status::ready) {
    ADD_FAILURE() << "it does not end";
    std::_Exit(1);
  }
  thread.join();
  EXPECT_EQ(refused, 5);
}

TEST(JobWatch, AWaitAfterTheReleaseIsRefusedAtOnce) {
  Watched watched;
  watched.watch->release();
  std::atomic<int> refused = 0;
  wait_on(*watched.watch, refused);
  EXPECT_EQ(refused, 1);
}

}  // namespace
}  // namespace recorte::service
