// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/room.hpp"

#include "tests/unit/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace recorte::schedule {
namespace {

constexpr Micros kSecond = 1'000'000;

Room::Ticket batch(std::uint64_t bytes) { return {bytes}; }
Room::Ticket real_time(std::uint64_t bytes) { return {bytes, true}; }

TEST(Room, TwoLargeOnesDoNotMeet) {
  Room room(100);
  auto first = batch(60), second = batch(60);
  EXPECT_TRUE(room.take(first, 1));
  EXPECT_FALSE(room.take(second, 2));
  EXPECT_EQ(room.taken(), 60U);
  room.give_back(first);
  EXPECT_TRUE(room.take(second, 3));
  room.give_back(second);
  EXPECT_EQ(room.taken(), 0U);
}

TEST(Room, WhatFitsBesideIsTaken) {
  Room room(100);
  auto first = batch(60), second = batch(40), little = batch(0);
  EXPECT_TRUE(room.take(first, 1));
  EXPECT_TRUE(room.take(second, 1));
  EXPECT_TRUE(room.take(little, 1));
  EXPECT_EQ(room.taken(), 100U);
}

TEST(Room, MoreThanAllGoesAlone) {
  Room room(100);
  auto huge = batch(1'000), small = batch(1);
  EXPECT_TRUE(room.take(huge, 1));
  EXPECT_FALSE(room.take(small, 1));
  room.give_back(huge);
  EXPECT_TRUE(room.take(small, 1));
}

/// Small ones that come all the time keep a large one waiting for its patience, and no longer.
TEST(Room, OneThatWaitsIsPassedForAWhileOnly) {
  Room room(100, kSecond);
  auto running = batch(50), large = batch(80), early = batch(10), late = batch(10);
  EXPECT_TRUE(room.take(running, 1));
  EXPECT_FALSE(room.take(large, 1));
  EXPECT_TRUE(room.take(early, kSecond));
  EXPECT_FALSE(room.take(late, kSecond + 1));
  room.give_back(running);
  EXPECT_FALSE(room.take(late, kSecond + 2));
  EXPECT_TRUE(room.take(large, kSecond + 2));
  EXPECT_TRUE(room.take(late, kSecond + 3));
}

TEST(Room, ThoseWhoWaitForACutoutGoFirst) {
  Room room(100, kSecond);
  auto running = batch(80), job = batch(50), person = real_time(50);
  EXPECT_TRUE(room.take(running, 1));
  EXPECT_FALSE(room.take(job, 1));
  EXPECT_FALSE(room.take(person, 2 * kSecond));  // the job is kept for by then
  room.give_back(running);
  auto other = batch(10);
  EXPECT_FALSE(room.take(other, 2 * kSecond));
  EXPECT_FALSE(room.take(job, 2 * kSecond));
  EXPECT_TRUE(room.take(person, 2 * kSecond));
  EXPECT_TRUE(room.take(job, 2 * kSecond));
}

TEST(Room, NothingIsKeptForAJobBeforeAPerson) {
  Room room(100, kSecond);
  auto running = batch(50), job = batch(80), person = real_time(30);
  EXPECT_TRUE(room.take(running, 1));
  EXPECT_FALSE(room.take(job, 1));
  EXPECT_TRUE(room.take(person, 10 * kSecond));
}

TEST(Room, OneThatIsTriedBeforeItWaitsWaitsAllTheSame) {
  Room room(100, kSecond);
  auto running = batch(100), person = real_time(80), other = batch(10);
  EXPECT_TRUE(room.take(running, 1));
  EXPECT_FALSE(room.take(person, 1));
  room.give_back(person);
  EXPECT_FALSE(room.take(person, 2)) << "now it is in the queue";
  room.give_back(running);
  EXPECT_FALSE(room.take(other, 3)) << "the person goes first";
  EXPECT_TRUE(room.take(person, 4));
}

TEST(Room, OneThatWaitsNoLongerKeepsNothing) {
  Room room(100, kSecond);
  auto running = batch(50), gone = batch(80), other = batch(50);
  EXPECT_TRUE(room.take(running, 1));
  EXPECT_FALSE(room.take(gone, 1));
  EXPECT_FALSE(room.take(other, 2 * kSecond));
  room.give_back(gone);
  EXPECT_TRUE(room.take(other, 2 * kSecond));
}

/// Whoever asks, in whatever order: no more is taken than there is, it is what those have who have
/// it, nobody is passed for longer than said, and nothing is refused without a reason.
TEST(Room, KeepsItsPromisesToAnybody) {
  recorte::test::for_rounds(30, [](recorte::test::Random& random) {
    constexpr std::uint64_t kBytes = 100;
    constexpr Micros kPatience = kSecond;
    Room room(kBytes, kPatience);
    std::array<Room::Ticket, 12> tickets;
    std::array<bool, 12> asks{};
    Micros now = 1;
    for (int step = 0; step < 2'000; ++step) {
      now += random.below(kPatience / 4);
      const auto at = static_cast<std::size_t>(random.below(12));
      auto& ticket = tickets.at(at);
      if (ticket.has || (asks.at(at) && random.one_in(12))) {
        room.give_back(ticket);
        asks.at(at) = false;
        continue;
      }
      if (!asks.at(at))
        ticket = {static_cast<std::uint64_t>(random.within(1, 120)), random.one_in(3)};
      const auto since = ticket.since > 0 ? ticket.since : now;
      const auto taken = room.taken();
      // Who waits now, and goes before this one.
      bool person = false, late = false;
      for (std::size_t i = 0; i < tickets.size(); ++i) {
        const auto& other = tickets.at(i);
        if (i == at || !asks.at(i) || other.has) continue;
        person = person || (other.real_time && !ticket.real_time);
        late = late || (other.real_time == ticket.real_time && now - other.since >= kPatience &&
                        (ticket.since == 0 || other.since < since));
      }
      const bool fits = std::min(ticket.bytes, kBytes) + taken <= kBytes;
      asks.at(at) = true;
      ASSERT_EQ(room.take(ticket, now), fits && !person && !late) << "step " << step;
      std::uint64_t sum = 0;
      for (const auto& each : tickets) sum += each.has ? each.bytes : 0;
      ASSERT_EQ(room.taken(), sum);
      ASSERT_LE(sum, kBytes);
    }
    for (auto& ticket : tickets) room.give_back(ticket);
    EXPECT_EQ(room.taken(), 0U);
  });
}

}  // namespace
}  // namespace recorte::schedule
