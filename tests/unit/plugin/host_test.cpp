// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/host.hpp"

#include "core/base/time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <thread>
#include <vector>

namespace recorte::plugin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class HostImages : public testing::Test {
 protected:
  recorte_image* make(const Call* call, int bitpix, std::int64_t width, std::int64_t height,
                      std::int64_t planes) {
    return host_.table()->image_new(host_.table(), call == nullptr ? nullptr : call->raw(), bitpix,
                                    width, height, planes);
  }
  Host host_;
};

TEST_F(HostImages, AreAlignedZeroedAndWithoutGaps) {
  for (const int bitpix : {8, 16, 32, 64, -32, -64}) {
    const ImageRef image(make(nullptr, bitpix, 7, 5, 3));
    ASSERT_TRUE(image);
    const int bytes = std::abs(bitpix) / 8;
    EXPECT_EQ(image->struct_size, sizeof(recorte_image));
    EXPECT_EQ(image->bitpix, bitpix);
    EXPECT_EQ(image->row_bytes, 7 * bytes);
    EXPECT_EQ(image->plane_bytes, 35 * bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(image->pixels) % 64, 0U);
    const auto* begin = static_cast<const char*>(image->pixels);
    EXPECT_TRUE(std::all_of(begin, begin + 105 * bytes, [](char c) { return c == 0; }));
  }
}

TEST_F(HostImages, CountAgainstTheBudgetUntilTheLastReferenceIsGone) {
  Call call({.memory_budget = 1000});
  ImageRef first(make(&call, RECORTE_U8, 600, 1, 1));
  ASSERT_TRUE(first);
  EXPECT_EQ(call.held(), 600U);
  EXPECT_EQ(make(&call, RECORTE_U8, 401, 1, 1), nullptr);
  EXPECT_TRUE(ImageRef(make(&call, RECORTE_U8, 400, 1, 1)));
  EXPECT_EQ(call.held(), 600U);
  {
    const ImageRef second = share(first.get());
    first = ImageRef();
    EXPECT_EQ(call.held(), 600U);
  }
  EXPECT_EQ(call.held(), 0U);
}

TEST_F(HostImages, NoCallMeansNoBudget) {
  EXPECT_TRUE(ImageRef(make(nullptr, RECORTE_F64, 4096, 4096, 1)));
}

TEST_F(HostImages, AbsurdOnesAreRefused) {
  constexpr auto kHuge = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(make(nullptr, RECORTE_F64, kHuge, kHuge, 1), nullptr);
  EXPECT_EQ(make(nullptr, RECORTE_U8, kHuge, 1, 1), nullptr);
  EXPECT_EQ(make(nullptr, RECORTE_F64, kHuge / 8, 1, 2), nullptr);
  EXPECT_EQ(make(nullptr, RECORTE_F32, 1LL << 32, 1LL << 32, 1), nullptr);
  EXPECT_EQ(make(nullptr, RECORTE_F32, 0, 1, 1), nullptr);
  EXPECT_EQ(make(nullptr, RECORTE_F32, 1, -1, 1), nullptr);
  EXPECT_EQ(make(nullptr, 12, 1, 1, 1), nullptr);
  EXPECT_EQ(make(nullptr, 0, 1, 1, 1), nullptr);
}

TEST_F(HostImages, MayOutliveTheirCall) {
  ImageRef kept;
  {
    Call call({.memory_budget = 100});
    kept = ImageRef(make(&call, RECORTE_U8, 100, 1, 1));
  }
  ASSERT_TRUE(kept);
  static_cast<char*>(kept->pixels)[99] = 1;
}

TEST_F(HostImages, AreCountedAcrossThreads) {
  Call call({.memory_budget = 1 << 20});
  ImageRef image(make(&call, RECORTE_U8, 1000, 1, 1));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        const ImageRef mine = share(image.get());
        const ImageRef own(make(&call, RECORTE_U8, 100, 1, 1));
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(call.held(), 1000U);
  image = ImageRef();
  EXPECT_EQ(call.held(), 0U);
}

TEST(NewImage, SaysWhyThereIsNone) {
  Call call({.memory_budget = 1000});
  const auto large = new_image(call, RECORTE_F32, 100, 200, 1);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(large.error().message, HasSubstr("80000 bytes"));
  EXPECT_THAT(large.error().message, HasSubstr("at most 1000"));
  const auto none = new_image(call, 7, 1, 1, 1);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kUsage);
  EXPECT_TRUE(new_image(call, RECORTE_U8, 1000, 1, 1));
}

TEST(CallTest, IsCancelledByFlagByQuestionOrByDeadline) {
  std::atomic<bool> flag = false;
  Call flagged({.cancelled = &flag});
  EXPECT_EQ(flagged.raw()->cancelled(flagged.raw()), 0);
  flag = true;
  EXPECT_NE(flagged.raw()->cancelled(flagged.raw()), 0);

  bool asked = false;
  Call polled({.poll_cancelled = [&] { return asked; }});
  EXPECT_EQ(polled.raw()->cancelled(polled.raw()), 0);
  asked = true;
  EXPECT_NE(polled.raw()->cancelled(polled.raw()), 0);

  Call late({.deadline_unix_ms = now_micros() / 1000 - 1});
  EXPECT_TRUE(late.cancelled());
  Call early({.deadline_unix_ms = now_micros() / 1000 + 60000});
  EXPECT_FALSE(early.cancelled());
}

TEST(CallTest, ProgressNeverGoesBackNorBeyond) {
  std::vector<double> seen;
  Call call({.progress = [&](double fraction, std::string_view) { seen.push_back(fraction); }});
  for (const double fraction : {0.2, 0.1, std::nan(""), 0.5, 1.5, -1.0, 1.0})
    call.raw()->progress(call.raw(), fraction, nullptr);
  EXPECT_THAT(seen, ElementsAre(0.2, 0.5, 1.0));
}

TEST(HostTable, OffersServicesById) {
  Host host;
  static const int service = 0;
  host.offer("recorte.test/1", &service);
  EXPECT_EQ(host.table()->service(host.table(), "recorte.test/1"), &service);
  EXPECT_EQ(host.table()->service(host.table(), "recorte.test/2"), nullptr);
  EXPECT_EQ(host.table()->service(host.table(), nullptr), nullptr);
}

TEST(HostTable, LogsWhateverItIsGiven) {
  const Host host;
  const Call call({.request_id = "r-1"});
  const std::string line = "two\nlines";
  testing::internal::CaptureStderr();
  host.table()->log(host.table(), call.raw(), RECORTE_ERROR, {line.data(), line.size()});
  host.table()->log(host.table(), nullptr, 99, {nullptr, 5});
  const auto written = testing::internal::GetCapturedStderr();
  EXPECT_THAT(written, HasSubstr("two lines"));
  EXPECT_THAT(written, HasSubstr("r-1"));
}

TEST(Errors, CrossTheBoundaryWhole) {
  auto block = make_error();
  const auto status = report({ErrorCode::kNoCoverage, "nothing there"}, &block);
  EXPECT_EQ(status, RECORTE_NO_COVERAGE);
  const auto back = error_of("plugin x", status, block);
  EXPECT_EQ(back.code, ErrorCode::kNoCoverage);
  EXPECT_EQ(back.message, "plugin x: nothing there");
}

TEST(Errors, LongMessagesEndAtACharacter) {
  auto block = make_error();
  std::string text(502, 'a');
  report({ErrorCode::kUsage, text + "éé"}, &block);
  EXPECT_EQ(std::string(block.message), text);
  report({ErrorCode::kUsage, std::string(501, 'a') + "éé"}, &block);
  EXPECT_EQ(std::string(block.message), std::string(501, 'a') + "é");
}

TEST(Errors, UnknownStatusAndUnterminatedTextAreThePluginsFault) {
  auto block = make_error();
  std::fill(std::begin(block.message), std::end(block.message), 'x');
  const auto error = error_of("plugin x", 42, block);
  EXPECT_EQ(error.code, ErrorCode::kPlugin);
  EXPECT_THAT(error.message, HasSubstr("unknown status 42"));
  EXPECT_THAT(error_of("plugin x", 1, make_error()).message, HasSubstr("did not say why"));
}

TEST(CallPlugin, CatchesWhatMustNotCross) {
  EXPECT_TRUE(call_plugin("x", [](recorte_error*) -> recorte_status { return RECORTE_OK; }));
  const auto thrown =
      call_plugin("x", [](recorte_error*) -> recorte_status { throw std::runtime_error("why"); });
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.error().code, ErrorCode::kPlugin);
  EXPECT_THAT(thrown.error().message, HasSubstr("threw through the C interface: why"));
  EXPECT_FALSE(call_plugin("x", [](recorte_error*) -> recorte_status { throw 7; }));
  const auto hog =
      call_plugin("x", [](recorte_error*) -> recorte_status { throw std::bad_alloc(); });
  EXPECT_THAT(hog.error().message, HasSubstr("out of memory"));
}

}  // namespace
}  // namespace recorte::plugin
