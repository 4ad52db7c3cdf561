// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/order.hpp"

#include "core/batch/sky_order.hpp"

namespace recorte::batch {

std::vector<std::uint32_t> sky_order(const Plan& plan) {
  SkyOrder order;
  std::vector<std::uint32_t> numbers, unreadable;
  for (std::uint32_t i = 0; i < plan.size(); ++i) {
    const auto request = plan.request(i);
    (request ? numbers : unreadable).push_back(i);
    if (request)
      order.add(request->survey, sky::to_position(sky::bounding_cap(request->stencil, 0).centre));
  }
  std::vector<std::uint32_t> out;
  out.reserve(plan.size());
  for (const auto at : order.sorted()) out.push_back(numbers[at]);
  out.insert(out.end(), unreadable.begin(), unreadable.end());
  return out;
}

}  // namespace recorte::batch
