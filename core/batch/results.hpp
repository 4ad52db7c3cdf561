/// Where each product of a job lies, by the packs there are. Products that are in several packs, as
/// those that were tried again, count as the last says. Products of a pack that is missing or
/// broken are not done, and all others can be had. [any thread]
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/pack.hpp"
#include "core/batch/plan.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace recorte::batch {

class Results {
 public:
  struct Found {
    std::shared_ptr<const Pack> pack;
    std::size_t item = 0;
  };

  /// Of a job's directory, with its plan and the packs of those tasks, in order. `before`: of the
  /// same job, whose packs are taken as they are, as packs never change; null: none.
  static Result<std::shared_ptr<const Results>> open(
      const std::filesystem::path& directory, const std::vector<std::int64_t>& tasks,
      const std::shared_ptr<const Results>& before = nullptr);
  const Plan& plan() const { return plan_; }
  /// Nothing where it is not done.
  std::optional<Found> product(std::size_t number) const;
  /// What one must be allowed to see to have a product, or all that are made: each once. Of one
  /// whose pack does not say it, by its request. None of one that is not made.
  Result<std::vector<account::Need>> needs(std::size_t product) const;
  const std::set<account::Need>& needs() const { return needs_; }
  /// Of the products that can be had.
  job::Tally tally() const;
  /// Tasks whose pack is not there, is broken, or has a product that the plan has not.
  std::vector<std::int64_t> missing() const;
  /// Why the first of them is missing; "" where none is.
  const std::string& why_missing() const { return why_missing_; }
  /// Whether a pack is not what it was any more, so that it is to be opened again.
  bool is_stale() const;

 private:
  explicit Results(Plan plan) : plan_(std::move(plan)) {}
  struct Place {
    std::uint32_t pack = UINT32_MAX, item = 0;
  };
  struct OfTask {
    std::int64_t task;
    std::shared_ptr<const Pack> pack;
  };
  /// kData where it is of another job.
  Status add(OfTask of, const std::filesystem::path& directory);
  Plan plan_;
  std::vector<OfTask> packs_;
  std::vector<Place> places_;
  std::vector<std::int64_t> missing_;
  std::string why_missing_;
  std::set<account::Need> needs_;
  job::Tally tally_;
};

}  // namespace recorte::batch
