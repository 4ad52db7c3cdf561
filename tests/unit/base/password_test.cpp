// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/password.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace recorte {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

Passwords::Options cheap() { return {.passes = 1, .memory = 1 << 20}; }

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

/// Both do the same work: a wrong password costs what nobody's does, within half.
TEST(Passwords, OfNobodyTakeAsLong) {
  Passwords passwords({.passes = 2, .memory = 16 << 20});
  const auto hash = passwords.hash("correct horse battery").value();
  ASSERT_TRUE(passwords.verify("x", ""));  // has made nobody's
  const auto time = [&](const std::string& of) {
    auto best = 1h / 1ns;
    for (int i = 0; i < 5; ++i) {
      const auto before = std::chrono::steady_clock::now();
      EXPECT_FALSE(passwords.verify("wrong", of).value());
      best = std::min<long>(best, (std::chrono::steady_clock::now() - before) / 1ns);
    }
    return static_cast<double>(best);
  };
  const auto somebodys = time(hash), nobodys = time("");
  EXPECT_GT(nobodys, somebodys / 2);
  EXPECT_LT(nobodys, somebodys * 2);
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
