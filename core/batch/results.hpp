/// Where each product of a job lies, by the packs there are. Products that are in several packs, as
/// those that were tried again, count as the last says. [any thread]
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/pack.hpp"
#include "core/batch/plan.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace recorte::batch {

/// The list of a job (core/batch/plan.hpp), in its directory.
inline constexpr const char* kPlanFile = "plan";

class Results {
 public:
  struct Found {
    std::shared_ptr<const Pack> pack;
    std::size_t item = 0;
  };

  /// Of a job's directory, with its plan and the packs of those tasks, in order. kData where a pack
  /// has a product that the plan has not.
  static Result<std::shared_ptr<const Results>> open(const std::filesystem::path& directory,
                                                     const std::vector<std::int64_t>& tasks);
  const Plan& plan() const { return plan_; }
  /// Nothing where it is not done.
  std::optional<Found> product(std::size_t number) const;
  job::Tally tally() const;

 private:
  explicit Results(Plan plan) : plan_(std::move(plan)) {}
  struct Place {
    std::uint32_t pack = UINT32_MAX, item = 0;
  };
  Plan plan_;
  std::vector<std::shared_ptr<const Pack>> packs_;
  std::vector<Place> places_;
  job::Tally tally_;
};

}  // namespace recorte::batch
