// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/room.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace recorte::schedule
