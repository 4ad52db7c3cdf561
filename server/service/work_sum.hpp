/// The work of many requests as one: products, pixels, and the kinds there are.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/request.hpp"
#include "core/schedule/estimate.hpp"
#include "server/service/survey_book.hpp"

#include <cstdint>
#include <memory>
#include <set>
#include <string>

namespace recorte::service {

/// That of one request.
schedule::Work work_of(const cutout::CutoutRequest& request, const Surveys& surveys,
                       schedule::RunLane lane);

class WorkSum {
 public:
  explicit WorkSum(std::shared_ptr<const Surveys> surveys) : surveys_(std::move(surveys)) {}
  void add(const cutout::CutoutRequest& request);
  /// Of a batch; what was added stands for `products` like it. No kind where nothing was added.
  schedule::Work work(std::int64_t products) const;
  schedule::Work work() const { return work(products_); }

 private:
  std::shared_ptr<const Surveys> surveys_;
  std::int64_t products_ = 0;
  double pixels_ = 0;
  std::set<std::string, std::less<>> kinds_;
};

}  // namespace recorte::service
