// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/task.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace recorte::cutout {
namespace {

CutoutRequest request(const std::string& more = "") {
  return parse_canonical("survey=demo&ra=150.1&dec=2.2&size=1arcmin" + more).value();
}

Task full_task() {
  Task task;
  task.id = "0123abcd";
  task.groups = {"des", "a \"b\""};
  task.lane = Lane::kBatch;
  task.log_items = true;
  task.budget = {0xFFFFFFFFFFFFFFFFULL, 123'456'789'012, 1, 2'000};
  task.memory = 1ULL << 40;
  task.items.push_back({0xFFFFFFFFFFFFFFFFULL, request("&format=png&rgb=i,r,g"), {}});
  task.items.push_back({0, request("&param=x%3D%FF"), sky::PixelRect{-5, 1LL << 40, 3, 4}});
  return task;
}

TEST(Task, SurvivesItsBytes) {
  const auto task = full_task();
  const auto back = decode_task(encode(task));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->id, task.id);
  EXPECT_EQ(back->groups, task.groups);
  EXPECT_EQ(back->lane, task.lane);
  EXPECT_EQ(back->log_items, task.log_items);
  EXPECT_EQ(back->budget.memory, task.budget.memory);
  EXPECT_EQ(back->budget.wall_ms, task.budget.wall_ms);
  EXPECT_EQ(back->budget.max_pixels, task.budget.max_pixels);
  EXPECT_EQ(back->budget.slice_ms, task.budget.slice_ms);
  EXPECT_EQ(back->memory, task.memory);
  ASSERT_EQ(back->items.size(), task.items.size());
  for (std::size_t i = 0; i < task.items.size(); ++i) {
    EXPECT_EQ(back->items[i].row, task.items[i].row);
    EXPECT_EQ(back->items[i].request, task.items[i].request);
    EXPECT_EQ(back->items[i].window, task.items[i].window);
  }
  const auto empty = decode_task(encode(Task{}));
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->lane, Lane::kRealTime);
  EXPECT_FALSE(empty->log_items);
  EXPECT_TRUE(empty->items.empty());
}

TEST(Task, IsReadNoFurtherOnceCancelled) {
  auto task = full_task();
  ASSERT_GT(task.items.size(), 0U);
  task.items.resize(5, task.items.front());
  int asked = 0;
  const auto read = decode_task(encode(task), [&] { return ++asked == 3; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(asked, 3);
}

TEST(TaskReport, SurvivesItsBytes) {
  TaskReport report;
  Outcome good;
  good.row = 3;
  good.offset = 1LL << 40;
  good.bytes = 2880;
  good.format = Format::kPng;
  good.width = 60;
  good.height = 61;
  good.coverage = 0.12345678901234567;
  good.bands = {"g", "r"};
  good.images = {{"id", "g", "/a b/c.fits", 2}, {"", "", "", 0}};
  good.warnings = {"it was \"odd\"\n"};
  good.version = "0123456789abcdef";
  good.adapter = "tiles 0.1.0";
  good.algorithm = "cut 0.1.0";
  good.cache = {3, 2, 5, 4};
  Outcome bad;
  bad.row = 4;
  bad.error = Error{ErrorCode::kNoCoverage, "nothing there"};
  report.outcomes = {good, bad};
  const auto back = decode_report(encode(report));
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_EQ(back->outcomes.size(), 2U);
  const auto& o = back->outcomes[0];
  EXPECT_EQ(o.row, good.row);
  EXPECT_FALSE(o.error);
  EXPECT_EQ(o.offset, good.offset);
  EXPECT_EQ(o.bytes, good.bytes);
  EXPECT_EQ(o.format, good.format);
  EXPECT_EQ(o.width, good.width);
  EXPECT_EQ(o.height, good.height);
  EXPECT_EQ(o.coverage, good.coverage);
  EXPECT_EQ(o.bands, good.bands);
  ASSERT_EQ(o.images.size(), 2U);
  EXPECT_EQ(o.images[0].id, "id");
  EXPECT_EQ(o.images[0].band, "g");
  EXPECT_EQ(o.images[0].file, "/a b/c.fits");
  EXPECT_EQ(o.images[0].hdu, 2);
  EXPECT_EQ(o.warnings, good.warnings);
  EXPECT_EQ(o.version, good.version);
  EXPECT_EQ(o.adapter, good.adapter);
  EXPECT_EQ(o.algorithm, good.algorithm);
  EXPECT_EQ(o.cache.images_found, 3);
  EXPECT_EQ(o.cache.images_opened, 2);
  EXPECT_EQ(o.cache.tiles_found, 5);
  EXPECT_EQ(o.cache.tiles_unpacked, 4);
  EXPECT_EQ(back->outcomes[1].row, 4U);
  ASSERT_TRUE(back->outcomes[1].error);
  EXPECT_EQ(back->outcomes[1].error->code, ErrorCode::kNoCoverage);
  EXPECT_EQ(back->outcomes[1].error->message, "nothing there");
}

TEST(Outcome, SurvivesItsBytes) {
  Outcome good;
  good.row = 3;
  good.bytes = 2880;
  good.seconds = 0.125;
  good.release = "dr2";
  good.unit = "nJy";
  good.pixel_scale = 7.3e-5;
  good.target_x = 30.5;
  good.target_y = -2;
  good.masked_fraction = 0.25;
  good.mjd_min = 58000.1;
  good.mjd_max = 58001.2;
  good.exposure = 900;
  good.needs = {{"y6", "dr1", "", "young"}, {"y6", "dr3", "builders", ""}};
  const auto back = decode_outcome(encode(good));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->row, good.row);
  EXPECT_EQ(back->bytes, good.bytes);
  EXPECT_EQ(back->seconds, good.seconds);
  EXPECT_EQ(back->release, good.release);
  EXPECT_EQ(back->unit, good.unit);
  EXPECT_EQ(back->pixel_scale, good.pixel_scale);
  EXPECT_EQ(back->target_x, good.target_x);
  EXPECT_EQ(back->target_y, good.target_y);
  EXPECT_EQ(back->masked_fraction, good.masked_fraction);
  EXPECT_EQ(back->mjd_min, good.mjd_min);
  EXPECT_EQ(back->mjd_max, good.mjd_max);
  EXPECT_EQ(back->exposure, good.exposure);
  EXPECT_TRUE(std::isnan(back->zero_point));
  EXPECT_EQ(back->needs, good.needs);

  Outcome bad;
  bad.row = 4;
  bad.seconds = 2;
  bad.error = Error{ErrorCode::kNoCoverage, "nothing there"};
  const auto again = decode_outcome(encode(bad));
  ASSERT_TRUE(again && again->error);
  EXPECT_EQ(again->seconds, 2);
  EXPECT_EQ(again->error->message, "nothing there");
}

TEST(Outcome, OneOfTheFormBeforeHasNoNeeds) {
  Outcome good;
  good.row = 7;
  good.release = "dr2";
  auto text = encode(good);
  text.resize(text.size() - sizeof(std::uint64_t));  // of how many there are
  EXPECT_FALSE(decode_outcome(text));
  text.front() = 3;
  const auto back = decode_outcome(text);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->row, 7U);
  EXPECT_EQ(back->release, "dr2");
  EXPECT_TRUE(back->needs.empty());
}

TEST(Outcome, ABrokenOneIsData) {
  const auto good = encode(Outcome{});
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto read = decode_outcome(std::string_view(good).substr(0, size));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().code, ErrorCode::kData);
  }
  EXPECT_FALSE(decode_outcome(good + "x"));
  EXPECT_FALSE(decode_outcome("\x01" + good.substr(1))) << "another version's";
}

TEST(TaskReport, WhatIsNoUtf8IsMadeSo) {
  TaskReport report;
  report.outcomes.resize(2);
  report.outcomes[0].warnings = {"a\x82z"};
  report.outcomes[1].error = Error{ErrorCode::kData, "\xff"};
  const auto back = decode_report(encode(report));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->outcomes[0].warnings[0], "a?z");
  EXPECT_EQ(back->outcomes[1].error->message, "?");
}

/// Whatever is missing, too much, or no such value is an error and no exception; and no number in
/// the bytes makes a vector larger than they are.
TEST(Task, ABrokenOneIsRefused) {
  const auto good = encode(full_task());
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(decode_task(std::string_view(good).substr(0, size))) << size;
  EXPECT_FALSE(decode_task(good + "x"));
  for (std::size_t at = 0; at + 8 <= good.size(); ++at) {
    auto broken = good;
    broken.replace(at, 8, 8, '\xff');
    const auto read = decode_task(broken);
    EXPECT_TRUE(!read || read->items.size() == 2U) << at;
  }
  auto lane = full_task();
  lane.lane = static_cast<Lane>(2);
  EXPECT_FALSE(decode_task(encode(lane)));
  auto request = good;
  const auto place = request.find("ra=150.1");
  ASSERT_NE(place, request.npos);
  request.replace(place, 8, "ra=1x0.1");
  EXPECT_FALSE(decode_task(request));
}

TEST(TaskReport, ABrokenOneIsRefused) {
  TaskReport report;
  report.outcomes.resize(2);
  report.outcomes[1].error = Error{ErrorCode::kData, "broken"};
  const auto good = encode(report);
  ASSERT_TRUE(decode_report(good));
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(decode_report(std::string_view(good).substr(0, size))) << size;
  EXPECT_FALSE(decode_report(good + "x"));
  report.outcomes[0].format = static_cast<Format>(3);
  EXPECT_FALSE(decode_report(encode(report)));
}

}  // namespace
}  // namespace recorte::cutout
