// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/ask_work.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace recorte::service {
namespace {

constexpr std::size_t kLookedAt = 2'000;  ///< products; a few microseconds each

Result<cutout::CutoutRequest> request_of(const batch::Values& region,
                                         const batch::Values& variant) {
  cutout::RequestDraft draft;
  for (const auto* values : {&region, &variant})
    for (const auto& [name, value] : *values) RECORTE_TRY(draft.set(name, value));
  return draft.finish();
}

const std::vector<batch::Values>& regions_of(const batch::Ask& ask, bool anywhere) {
  // Whether a survey has images there is not asked.
  static const std::vector<batch::Values> kAnywhere{{{"ra", "0"}, {"dec", "0"}}};
  static const std::vector<batch::Values> kAsTheyAre{{}};
  if (anywhere) return kAnywhere;
  return ask.regions.empty() ? kAsTheyAre : ask.regions;
}

}  // namespace

Status complete(const batch::Ask& ask, std::optional<std::int64_t> positions) {
  const auto& region = regions_of(ask, positions.has_value()).front();
  for (const auto& variant : ask.variants)
    if (auto request = request_of(region, variant); !request)
      return fail(std::move(request).error());
  return {};
}

schedule::Work work_of(const batch::Ask& ask, std::optional<std::int64_t> positions, WorkSum sum) {
  const auto& regions = regions_of(ask, positions.has_value());
  const auto all = regions.size() * ask.variants.size();
  const auto step = std::max<std::size_t>(1, all / kLookedAt);
  for (std::size_t i = 0; i < all; i += step)
    if (const auto request =
            request_of(regions[i / ask.variants.size()], ask.variants[i % ask.variants.size()]))
      sum.add(*request);
  const auto each = positions ? *positions : static_cast<std::int64_t>(regions.size());
  return sum.work(each * static_cast<std::int64_t>(ask.variants.size()));
}

}  // namespace recorte::service
