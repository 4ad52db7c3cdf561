// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/sender.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <future>

namespace recorte::http {
namespace {

using Turn = Sending::Turn;
constexpr auto kLong = std::chrono::seconds(30);

/// Does in its turns what a test says, on one end of a socket pair.
struct Scripted : Sending, std::enable_shared_from_this<Scripted> {
  explicit Scripted(std::function<Turn(Scripted&)> script) : step(std::move(script)) {
    std::signal(SIGPIPE, SIG_IGN);
    int pair[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    near = Fd(pair[0]);
    far = Fd(pair[1]);
  }
  int descriptor() const override { return near.get(); }
  Turn turn() override {
    ++turns;
    return step(*this);
  }
  void ended(bool whole) override {
    ++endings;
    outcome.set_value(whole);
  }
  bool whole() {
    auto future = outcome.get_future();
    if (future.wait_for(kLong) == std::future_status::ready) return future.get();
    ADD_FAILURE() << "it has not ended";
    return false;
  }

  std::function<Turn(Scripted&)> step;
  Fd near, far;
  std::atomic<int> turns = 0, endings = 0;
  std::promise<bool> outcome;
};

void no_tick() {}

TEST(Sender, GivesTurnsUntilAllIsSent) {
  Sender sender(no_tick, 1000);
  const auto sending = std::make_shared<Scripted>(
      [](auto& self) { return self.turns < 3 ? Turn::kMore : Turn::kWhole; });
  sender.take(sending);
  EXPECT_TRUE(sending->whole());
  EXPECT_EQ(sending->turns, 3);
}

TEST(Sender, ABrokenOneEndsSo) {
  Sender sender(no_tick, 1000);
  const auto sending = std::make_shared<Scripted>([](auto&) { return Turn::kBroken; });
  sender.take(sending);
  EXPECT_FALSE(sending->whole());
}

/// Writes until the socket takes no more, then once more when it does.
Turn fill(Scripted& self) {
  const std::string bytes(64 << 10, 'x');
  if (self.turns > 1 && ::write(self.near.get(), "!", 1) == 1) return Turn::kWhole;
  while (::write(self.near.get(), bytes.data(), bytes.size()) > 0) {
  }
  return Turn::kBlocked;
}

TEST(Sender, OneThatIsBlockedWaitsForItsReader) {
  Sender sender(no_tick, 1000);
  std::promise<void> blocked;
  const auto sending = std::make_shared<Scripted>([&](auto& self) {
    const auto turn = fill(self);
    if (self.turns == 1) blocked.set_value();
    return turn;
  });
  sender.take(sending);
  ASSERT_EQ(blocked.get_future().wait_for(kLong), std::future_status::ready);
  // Another is served meanwhile.
  const auto other = std::make_shared<Scripted>([](auto&) { return Turn::kWhole; });
  sender.take(other);
  EXPECT_TRUE(other->whole());
  EXPECT_EQ(sending->endings, 0);
  char buffer[4096];
  while (::read(sending->far.get(), buffer, sizeof buffer) > 0) {
  }
  EXPECT_TRUE(sending->whole());
}

TEST(Sender, OneWhoseReaderHasGoneEnds) {
  Sender sender(no_tick, 1000);
  std::promise<void> blocked, later;
  const auto full = std::make_shared<Scripted>([&](auto& self) {
    const auto turn = fill(self);
    if (self.turns == 1) blocked.set_value();
    return turn == Turn::kBlocked && self.turns > 1 ? Turn::kBroken : turn;
  });
  const auto waiting = std::make_shared<Scripted>([&](auto&) {
    later.set_value();
    return Turn::kLater;
  });
  sender.take(full);
  sender.take(waiting);
  ASSERT_EQ(blocked.get_future().wait_for(kLong), std::future_status::ready);
  ASSERT_EQ(later.get_future().wait_for(kLong), std::future_status::ready);
  full->far.reset();
  waiting->far.reset();
  EXPECT_FALSE(full->whole());
  EXPECT_FALSE(waiting->whole());
  EXPECT_EQ(waiting->turns, 1);
}

TEST(Sender, OneThatWaitsForMoreIsWoken) {
  Sender sender(no_tick, 1000);
  std::promise<void> later;
  const auto sending = std::make_shared<Scripted>([&](auto& self) {
    if (self.turns > 1) return Turn::kWhole;
    later.set_value();
    return Turn::kLater;
  });
  sender.take(sending);
  ASSERT_EQ(later.get_future().wait_for(kLong), std::future_status::ready);
  sender.wake(sending);
  EXPECT_TRUE(sending->whole());
}

TEST(Sender, AWakeWithinATurnIsNotLost) {
  Sender sender(no_tick, 1000);
  const auto sending = std::make_shared<Scripted>([&](auto& self) {
    if (self.turns > 1) return Turn::kWhole;
    sender.wake(self.shared_from_this());
    return Turn::kLater;
  });
  sender.take(sending);
  EXPECT_TRUE(sending->whole());
}

TEST(Sender, AWakeThatComesLateDoesNothing) {
  const auto sending = std::make_shared<Scripted>([](auto&) { return Turn::kWhole; });
  const auto after = std::make_shared<Scripted>([](auto&) { return Turn::kWhole; });
  Sender sender(no_tick, 1000);
  sender.take(sending);
  EXPECT_TRUE(sending->whole());
  sender.wake(sending);
  sender.take(after);  // in the same inbox, and after it
  EXPECT_TRUE(after->whole());
  EXPECT_EQ(sending->turns, 1);
  EXPECT_EQ(sending->endings, 1);
  sender.stop();
  sender.wake(sending);
  EXPECT_EQ(sending->endings, 1);
}

TEST(Sender, StopEndsWhatIsLeftAndWhatComes) {
  Sender sender(no_tick, 1000);
  std::promise<void> later;
  const auto waiting = std::make_shared<Scripted>([&](auto&) {
    later.set_value();
    return Turn::kLater;
  });
  sender.take(waiting);
  ASSERT_EQ(later.get_future().wait_for(kLong), std::future_status::ready);
  sender.stop();
  EXPECT_EQ(waiting->endings, 1);
  EXPECT_FALSE(waiting->whole());
  const auto late = std::make_shared<Scripted>([](auto&) { return Turn::kWhole; });
  sender.take(late);
  EXPECT_EQ(late->endings, 1);
  EXPECT_FALSE(late->whole());
}

TEST(Sender, Ticks) {
  std::promise<void> thrice;
  std::atomic<int> ticks = 0;
  Sender sender(
      [&] {
        if (++ticks == 3) thrice.set_value();
      },
      1);
  EXPECT_EQ(thrice.get_future().wait_for(kLong), std::future_status::ready);
}

}  // namespace
}  // namespace recorte::http
