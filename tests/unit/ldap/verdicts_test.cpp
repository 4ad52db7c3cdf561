// SPDX-License-Identifier: BSD-3-Clause
#include "auth/verdicts/verdicts.hpp"

#include <gmock/gmock.h>

#include <future>
#include <thread>
#include <vector>

namespace recorte::auth {
namespace {

class VerdictsTest : public testing::Test {
 protected:
  Verdicts::Options options(Micros keep = 60'000'000) {
    return {
        .keep = keep, .keep_refusal = 10'000'000, .most = 3, .clock_ms = [this] { return now_; }};
  }
  /// Asks about it; the verdict is as given, and how often it was is counted.
  Verdicts::Verdict ask(Verdicts& verdicts, std::initializer_list<std::string_view> what,
                        Verdicts::Verdict verdict) {
    return verdicts.get(what, [&] {
      ++asked_;
      return verdict;
    });
  }
  static Verdicts::Verdict somebody(const std::string& name) {
    account::Identity out;
    out.name = name;
    return out;
  }

  std::int64_t now_ = 1'000;
  int asked_ = 0;
};

TEST_F(VerdictsTest, OneThatWasRightIsKept) {
  Verdicts verdicts(options());
  EXPECT_EQ((*ask(verdicts, {"ann", "secret"}, somebody("ann")))->name, "ann");
  now_ += 59'999;
  EXPECT_EQ((*ask(verdicts, {"ann", "secret"}, fail(wrong_password())))->name, "ann");
  EXPECT_EQ(asked_, 1);
  now_ += 1;
  EXPECT_FALSE(ask(verdicts, {"ann", "secret"}, fail(wrong_password())));
  EXPECT_EQ(asked_, 2);
}

TEST_F(VerdictsTest, AnotherNamePasswordOrBorderIsAnother) {
  Verdicts verdicts(options());
  EXPECT_TRUE(ask(verdicts, {"ann", "secret"}, somebody("ann")));
  EXPECT_FALSE(ask(verdicts, {"ann", "secreT"}, fail(wrong_password())));
  EXPECT_FALSE(ask(verdicts, {"anns", "ecret"}, fail(wrong_password())));
  EXPECT_EQ(asked_, 3);
}

TEST_F(VerdictsTest, ARefusalIsKeptForLess) {
  Verdicts verdicts(options());
  EXPECT_FALSE(ask(verdicts, {"ann", "x"}, fail(wrong_password())));
  now_ += 9'999;
  EXPECT_FALSE(ask(verdicts, {"ann", "x"}, somebody("ann")));
  EXPECT_EQ(asked_, 1);
  now_ += 1;
  EXPECT_TRUE(ask(verdicts, {"ann", "x"}, somebody("ann")));
}

TEST_F(VerdictsTest, WhatIsAnothersToSayIsKept) {
  Verdicts verdicts(options());
  EXPECT_FALSE(*ask(verdicts, {"ann", "x"}, std::nullopt));
  EXPECT_FALSE(*ask(verdicts, {"ann", "x"}, somebody("ann")));
  EXPECT_EQ(asked_, 1);
}

TEST_F(VerdictsTest, OtherErrorsAreNotKept) {
  Verdicts verdicts(options());
  EXPECT_FALSE(ask(verdicts, {"ann", "x"}, fail(ErrorCode::kUnavailable, "away")));
  EXPECT_TRUE(ask(verdicts, {"ann", "x"}, somebody("ann")));
  const auto thrown =
      verdicts.get({"bob", "x"}, []() -> Verdicts::Verdict { throw std::runtime_error("odd"); });
  EXPECT_EQ(thrown.error().code, ErrorCode::kInternal);
  EXPECT_TRUE(ask(verdicts, {"bob", "x"}, somebody("bob")));
}

TEST_F(VerdictsTest, NothingIsKeptWhereSo) {
  Verdicts verdicts(options(0));
  EXPECT_TRUE(ask(verdicts, {"ann", "x"}, somebody("ann")));
  EXPECT_TRUE(ask(verdicts, {"ann", "x"}, somebody("ann")));
  EXPECT_FALSE(ask(verdicts, {"ann", "y"}, fail(wrong_password())));
  EXPECT_EQ(asked_, 3);
  EXPECT_EQ(verdicts.kept(), 0U);
}

TEST_F(VerdictsTest, ThoseThatEndFirstMakeRoom) {
  Verdicts verdicts(options());
  EXPECT_TRUE(ask(verdicts, {"ann", "secret"}, somebody("ann")));
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(ask(verdicts, {"bob", std::to_string(i)}, fail(wrong_password())));
    EXPECT_LE(verdicts.kept(), 3U);
  }
  EXPECT_EQ((*ask(verdicts, {"ann", "secret"}, std::nullopt))->name, "ann");
  EXPECT_EQ(asked_, 101);
}

TEST_F(VerdictsTest, OneAsksForAllWhoWantItAtOnce) {
  Verdicts verdicts(options());
  std::promise<void> begun, go;
  std::vector<std::future<bool>> others;
  auto first = std::async(std::launch::async, [&] {
    return verdicts
        .get({"ann", "x"},
             [&] {
               ++asked_;
               begun.set_value();
               go.get_future().wait();
               return somebody("ann");
             })
        .has_value();
  });
  begun.get_future().wait();
  for (int i = 0; i < 8; ++i)
    others.push_back(std::async(std::launch::async, [&] {
      return verdicts.get({"ann", "x"}, []() -> Verdicts::Verdict { return std::nullopt; })
          ->has_value();
    }));
  // Another's verdict is not held up.
  EXPECT_TRUE(verdicts.get({"bob", "x"}, [] { return somebody("bob"); }));
  go.set_value();
  EXPECT_TRUE(first.get());
  for (auto& each : others) EXPECT_TRUE(each.get());
  EXPECT_EQ(asked_, 1);
}

}  // namespace
}  // namespace recorte::auth
