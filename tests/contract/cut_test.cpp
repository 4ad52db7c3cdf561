// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/library.hpp"
#include "fake_job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace recorte::plugin {
namespace {

using testing::HasSubstr;

constexpr std::uint32_t kImage = 1U << RECORTE_IMAGE;
constexpr std::uint32_t kWeight = 1U << RECORTE_WEIGHT;
constexpr std::uint32_t kMask = 1U << RECORTE_MASK;

class Cut : public testing::Test {
 protected:
  void SetUp() override {
    auto library = Library::load(CUT_PLUGIN, host_);
    ASSERT_TRUE(library) << library.error().message;
    library_ = std::move(*library);
    table_ = library_.algorithm();
    const recorte_config config(nlohmann::json::object());
    auto error = make_error();
    ASSERT_EQ(table_->open(host_.table(), &config, &self_, &error), RECORTE_OK);
  }
  void TearDown() override {
    if (self_ != nullptr) table_->close(self_);
  }
  Status outline(FakeJob& job) {
    return call_plugin("cut", [&](auto* e) { return table_->outline(self_, job.raw(), e); });
  }
  Status run(FakeJob& job, std::uint32_t output, recorte_rect window) {
    return call_plugin("cut",
                       [&](auto* e) { return table_->run(self_, job.raw(output, window), e); });
  }
  Host host_;
  Library library_;
  const recorte_algorithm* table_ = nullptr;
  void* self_ = nullptr;
};

TEST_F(Cut, MakesOneProductOfEachInputAndPlane) {
  FakeJob job(host_, {"g", "r"}, kImage | kMask);
  job.add("g", kImage | kWeight | kMask, {1, 2, 3, 4}, 5);
  job.add("r", kImage, {6, 7, 8, 9});
  job.add("r", kImage | kMask, {6, 7, 8, 9});
  ASSERT_TRUE(outline(job));
  ASSERT_EQ(job.declared.size(), 5U);
  const auto& first = job.declared[0].output;
  EXPECT_EQ(first.input, 0);
  EXPECT_EQ(first.role, RECORTE_IMAGE);
  EXPECT_EQ(first.bitpix, 0);
  EXPECT_EQ(first.planes, 0) << "as stored";
  EXPECT_EQ(first.rect.x, 1);
  EXPECT_EQ(first.rect.height, 4);
  EXPECT_EQ(job.declared[0].band, "g");
  EXPECT_EQ(job.declared[1].output.role, RECORTE_MASK);
  EXPECT_EQ(job.declared[1].output.planes, 0);
  EXPECT_EQ(job.declared[2].output.input, 1);
  EXPECT_EQ(job.declared[3].output.input, 2);
  EXPECT_EQ(job.declared[4].output.role, RECORTE_MASK);
  EXPECT_EQ(job.declared[4].band, "r");
}

TEST_F(Cut, GivesThePixelsAsStored) {
  FakeJob job(host_, {"g", "r"}, kImage | kMask);
  job.add("g", kImage | kMask, {0, 0, 4, 4});
  job.add("r", kImage | kMask, {0, 0, 4, 4});
  ASSERT_TRUE(outline(job));
  ASSERT_TRUE(run(job, 3, {1, 2, 2, 1}));
  ASSERT_TRUE(job.emitted);
  EXPECT_EQ(job.emitted->bitpix, RECORTE_I16);
  const auto* pixels = static_cast<const std::int16_t*>(job.emitted->pixels);
  EXPECT_EQ(pixels[0], 1000 + 300 + 20 + 1);
  EXPECT_EQ(pixels[1], 1000 + 300 + 20 + 2);
}

TEST_F(Cut, PutsNanWhereABandIsMissing) {
  FakeJob job(host_, {"g", "r"}, kImage | kMask);
  job.add("r", kImage | kMask, {1, 2, 3, 4});
  ASSERT_TRUE(outline(job));
  ASSERT_EQ(job.declared.size(), 3U);
  const auto& blank = job.declared[0];
  EXPECT_EQ(blank.band, "g");
  EXPECT_NE(blank.output.blank, 0);
  EXPECT_EQ(blank.output.bitpix, RECORTE_F32);
  EXPECT_EQ(blank.output.role, RECORTE_IMAGE);
  EXPECT_EQ(blank.output.rect.width, 3);
  EXPECT_EQ(job.declared[1].output.blank, 0);
  ASSERT_TRUE(run(job, 0, {1, 2, 3, 2}));
  EXPECT_EQ(job.emitted->bitpix, RECORTE_F32);
  EXPECT_EQ(job.emitted->width, 3);
  EXPECT_EQ(job.emitted->height, 2);
  const auto* pixels = static_cast<const float*>(job.emitted->pixels);
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(std::isnan(pixels[i]));
}

TEST_F(Cut, NamesThePlanesThereAre) {
  FakeJob job(host_, {"g"}, kImage | (1U << RECORTE_VARIANCE));
  job.add("g", kImage | kWeight, {0, 0, 4, 4});
  const auto status = outline(job);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(status.error().message, HasSubstr("no plane variance"));
  EXPECT_THAT(status.error().message, HasSubstr("image, weight"));
}

TEST_F(Cut, WithoutImagesThereIsNoCoverage) {
  FakeJob job(host_, {"g"}, kImage);
  const auto status = outline(job);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kNoCoverage);
}

}  // namespace
}  // namespace recorte::plugin
