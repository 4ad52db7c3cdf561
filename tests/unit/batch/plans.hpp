/// Plans expanded into a directory of one test.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/batch/ask.hpp"
#include "core/batch/plan.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::batch {

inline const Values kStamps{{"survey", "demo"}, {"size", "64px"}};

inline std::vector<Planned> products_of(const Plan& plan) {
  std::vector<Planned> out;
  for (std::size_t i = 0; i < plan.size(); ++i) out.push_back(plan.product(i));
  return out;
}

/// Of a list that is good.
inline std::vector<Planned> expanded(std::string_view list, const Values& values = kStamps) {
  const TemporaryDirectory directory;
  const auto done = expand({*variants_of(values), {}}, list, "list", {}, directory.path() / "plan");
  EXPECT_TRUE(done) << done.error().message;
  if (!done) return {};
  const auto plan = Plan::open(directory.path() / "plan");
  EXPECT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(static_cast<std::int64_t>(plan->size()), done->products);
  return products_of(*plan);
}

/// What is said of one that is not, of which nothing is left.
inline Error refused(std::string_view list, const Values& values = kStamps,
                     const Bounds& bounds = {}) {
  const TemporaryDirectory directory;
  const auto done =
      expand({*variants_of(values), {}}, list, "list.csv", bounds, directory.path() / "plan");
  EXPECT_FALSE(done);
  EXPECT_EQ(directory.files(), 0U);
  return done ? Error{} : done.error();
}

}  // namespace recorte::batch
