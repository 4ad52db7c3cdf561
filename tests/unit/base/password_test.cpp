// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/password.hpp"

#include <gmock/gmock.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <string>
#include <thread>
#include <vector>

namespace recorte {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

Passwords::Options cheap() { return {.passes = 1, .memory = 1 << 20}; }

/// Seconds for which this thread has had a processor.
double worked() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

TEST(Passwords, AreKeptAsArgon2id) {
  Passwords passwords(cheap());
  const auto hash = passwords.hash("correct horse battery").value();
  EXPECT_THAT(hash, StartsWith("$argon2id$v=19$m=1024,t=1,p=1$"));
  EXPECT_NE(passwords.hash("correct horse battery").value(), hash);  // salted
  EXPECT_TRUE(passwords.verify("correct horse battery", hash).value());
  EXPECT_FALSE(passwords.verify("correct horse batterz", hash).value());
  EXPECT_FALSE(passwords.verify("", hash).value());
  EXPECT_FALSE(passwords.outdated(hash));
  EXPECT_TRUE(Passwords({.passes = 2, .memory = 1 << 20}).outdated(hash));
}

TEST(Passwords, OfNobodyAreNobodys) {
  Passwords passwords(cheap());
  EXPECT_FALSE(passwords.verify("anything at all", "").value());
  EXPECT_FALSE(passwords.verify("", "").value());
}

/// Both do the same work: what this thread works for a wrong password it works for nobody's.
/// Counted by its own clock, which does not run while others have the processor.
TEST(Passwords, OfNobodyTakeAsLong) {
  Passwords passwords({.passes = 2, .memory = 16 << 20});
  const auto hash = passwords.hash("correct horse battery").value();
  ASSERT_TRUE(passwords.verify("x", ""));  // has made nobody's
  const auto work = [&](const std::string& of) {
    auto best = std::numeric_limits<double>::max();
    for (int i = 0; i < 5; ++i) {
      const auto before = worked();
      EXPECT_FALSE(passwords.verify("wrong", of).value());
      best = std::min(best, worked() - before);
    }
    return best;
  };
  const auto somebodys = work(hash), nobodys = work("");
  EXPECT_GT(nobodys, somebodys / 4);
  EXPECT_LT(nobodys, somebodys * 4);
}

TEST(Passwords, HaveALength) {
  Passwords passwords(cheap());
  for (const auto& password : {std::string(11, 'x'), std::string(1025, 'x')}) {
    const auto hash = passwords.hash(password);
    ASSERT_FALSE(hash);
    EXPECT_EQ(hash.error().code, ErrorCode::kUsage);
    EXPECT_THAT(hash.error().message, HasSubstr(std::to_string(password.size())));
    EXPECT_THAT(hash.error().message, testing::Not(HasSubstr("xx")));
  }
  EXPECT_TRUE(passwords.hash(std::string(12, 'x')));
  const auto longest = passwords.hash(std::string(1024, 'x')).value();
  EXPECT_FALSE(passwords.verify(std::string(1025, 'x'), longest).value());
}

TEST(Passwords, AFewWait) {
  Passwords passwords(
      {.passes = 1, .memory = 1 << 20, .at_once = 1, .waiting = 8, .patience = 60s});
  std::atomic<int> judged = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      if (passwords.verify("anything at all", "")) ++judged;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(judged, 8);
}

TEST(Passwords, MoreThanMayWaitAreToldToComeAgain) {
  Passwords none({.passes = 1, .memory = 1 << 20, .at_once = 0, .waiting = 0, .patience = 1h});
  const auto hash = none.hash("anything at all");
  ASSERT_FALSE(hash);
  EXPECT_EQ(hash.error().code, ErrorCode::kUnavailable);
  EXPECT_GT(hash.error().retry_s, 0);
}

TEST(Passwords, OneThatWaitsTooLongIsToldToComeAgain) {
  Passwords none({.passes = 1, .memory = 1 << 20, .at_once = 0, .waiting = 1, .patience = 1ms});
  const auto is = none.verify("anything at all", "");
  ASSERT_FALSE(is);
  EXPECT_EQ(is.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace recorte
