/// A directory for one test, and plans expanded into it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/id.hpp"
#include "core/batch/ask.hpp"
#include "core/batch/plan.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::batch {

class TemporaryDirectory {
 public:
  TemporaryDirectory()
      : path_(std::filesystem::temp_directory_path() / ("recorte-batch-" + random_hex(6))) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

inline const Values kStamps{{"survey", "demo"}, {"size", "64px"}};

inline std::vector<Planned> products_of(const Plan& plan) {
  std::vector<Planned> out;
  for (std::size_t i = 0; i < plan.size(); ++i) out.push_back(plan.product(i));
  return out;
}

/// Of a list that is good.
inline std::vector<Planned> expanded(std::string_view list, const Values& values = kStamps) {
  const TemporaryDirectory directory;
  const auto done = expand({variants_of(values), {}}, list, "list", {}, directory.path() / "plan");
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
      expand({variants_of(values), {}}, list, "list.csv", bounds, directory.path() / "plan");
  EXPECT_FALSE(done);
  EXPECT_EQ(directory.files(), 0U);
  return done ? Error{} : done.error();
}

}  // namespace recorte::batch
