// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/work_sum.hpp"

#include "core/base/text.hpp"
#include "server/service/estimate.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace recorte::service {
namespace {

/// A batch of more kinds is one of many.
constexpr std::size_t kMostKinds = 6;

Features features_in(const cutout::CutoutRequest& request, const Surveys& surveys) {
  const auto* card = surveys.find(request.survey);
  return features_of(request, card ? card->description.get() : nullptr);
}

}  // namespace

schedule::Work work_of(const cutout::CutoutRequest& request, const Surveys& surveys,
                       schedule::RunLane lane) {
  auto features = features_in(request, surveys);
  return {std::move(features.kind), lane, 1, features.pixels};
}

void WorkSum::add(const cutout::CutoutRequest& request) {
  auto features = features_in(request, *surveys_);
  ++products_;
  pixels_ += features.pixels;
  if (!kinds_.contains(features.kind)) kinds_.insert(std::move(features.kind));
}

schedule::Work WorkSum::work(std::int64_t products) const {
  const auto share =
      static_cast<double>(products) / static_cast<double>(std::max<std::int64_t>(1, products_));
  const std::vector<std::string> kinds(kinds_.begin(), kinds_.end());
  return {kinds.size() > kMostKinds ? "several many kinds" : join(kinds, " + "),
          schedule::RunLane::kBatch, products, pixels_ * share};
}

}  // namespace recorte::service
