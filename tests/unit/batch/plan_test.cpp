// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/plan.hpp"

#include "core/base/io.hpp"
#include "core/batch/order.hpp"
#include "plans.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

namespace recorte::batch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<Planned> kSome{
    {1, "a", "a.fits", "survey=demo&ra=1&dec=2&size=9px&format=fits", {"x", ""}},
    {1, "a", "a.png", "survey=demo&ra=1&dec=2&size=9px&format=png", {"x", ""}},
    {2, "\xff \"b\"\n", "b.fits", "survey=demo&ra=1&dec=2&size=9px&format=fits", {"", "y"}}};

void write(const std::filesystem::path& file, const std::vector<Planned>& products) {
  auto plan = PlanWriter::create(file, {"one", "two"});
  ASSERT_TRUE(plan) << plan.error().message;
  for (const auto& product : products) ASSERT_TRUE(plan->add(product));
  const auto done = plan->finish();
  ASSERT_TRUE(done) << done.error().message;
}

TEST(Plan, ReadsBackWhatWasWritten) {
  const TemporaryDirectory directory;
  write(directory.path() / "plan", kSome);
  EXPECT_EQ(directory.files(), 1U);
  const auto plan = Plan::open(directory.path() / "plan");
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_THAT(plan->columns(), ElementsAre("one", "two"));
  ASSERT_EQ(plan->size(), kSome.size());
  for (std::size_t i = 0; i < kSome.size(); ++i) {
    const auto product = plan->product(i);
    EXPECT_EQ(product.row, kSome[i].row);
    EXPECT_EQ(product.id, kSome[i].id);
    EXPECT_EQ(product.name, kSome[i].name);
    EXPECT_EQ(product.request, kSome[i].request);
    EXPECT_EQ(product.columns, kSome[i].columns);
  }
  EXPECT_EQ(plan->request(1)->format, cutout::Format::kPng);
  EXPECT_THROW(plan->product(3), std::out_of_range);
}

TEST(Plan, LeavesNothingUnlessItIsFinished) {
  const TemporaryDirectory directory;
  {
    auto plan = PlanWriter::create(directory.path() / "plan", {"one", "two"});
    ASSERT_TRUE(plan);
    ASSERT_TRUE(plan->add(kSome[0]));
    EXPECT_FALSE(std::filesystem::exists(directory.path() / "plan"));
  }
  EXPECT_EQ(directory.files(), 0U);
  EXPECT_FALSE(PlanWriter::create(directory.path() / "no" / "plan", {}));
}

TEST(Plan, AnyDamageIsSeen) {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "plan";
  write(file, kSome);
  const auto good = read_file(file).value();
  const auto refused = [&](const std::string& bytes) {
    EXPECT_TRUE(write_file(file, bytes));
    const auto plan = Plan::open(file);
    return !plan && plan.error().code == ErrorCode::kData;
  };
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_TRUE(refused(good.substr(0, size))) << size;
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    EXPECT_TRUE(refused(bad)) << i;
  }
  EXPECT_EQ(Plan::open(directory.path() / "none").error().code, ErrorCode::kNotFound);
}

TEST(Plan, AFileThatShrinksMeanwhileIsNotTheEnd) {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "plan";
  std::vector<Planned> many;
  for (int i = 0; i < 5000; ++i) many.push_back(kSome[0]);
  write(file, many);
  const auto plan = Plan::open(file);
  ASSERT_TRUE(plan);
  std::filesystem::resize_file(file, 10);
  EXPECT_EQ(plan->request(4999).error().code, ErrorCode::kData);
}

TEST(Plan, RequestsOfAnotherProgramAreRefused) {
  const TemporaryDirectory directory;
  auto product = kSome[0];
  product.request = "survey=demo&colour=mauve";
  write(directory.path() / "plan", {product});
  const auto request = Plan::open(directory.path() / "plan")->request(0);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().code, ErrorCode::kData);
  EXPECT_THAT(request.error().message, HasSubstr("colour"));
}

TEST(Plan, NeighboursComeTogetherInItsOrder) {
  const TemporaryDirectory directory;
  std::string list = "ra,dec\n";
  for (int i = 0; i < 1000; ++i)
    list += std::to_string(i * 77 % 360) + ".5," + std::to_string(i * 31 % 120 - 60) + "\n";
  ASSERT_TRUE(expand({*variants_of(kStamps), {}}, list, "l", {}, directory.path() / "plan"));
  const auto plan = Plan::open(directory.path() / "plan");
  ASSERT_TRUE(plan);
  auto order = sky_order(*plan);
  const auto step = [&](std::size_t a, std::size_t b) {
    const auto one = std::get<sky::Box>(plan->request(a)->stencil).centre;
    const auto two = std::get<sky::Box>(plan->request(b)->stencil).centre;
    return std::abs(one.dec - two.dec);
  };
  double ordered = 0, listed = 0;
  for (std::size_t i = 1; i < order.size(); ++i) {
    ordered += step(order[i - 1], order[i]);
    listed += step(i - 1, i);
  }
  EXPECT_LT(ordered, listed / 4);
  std::ranges::sort(order);
  for (std::uint32_t i = 0; i < 1000; ++i) ASSERT_EQ(order[i], i);
}

}  // namespace
}  // namespace recorte::batch
