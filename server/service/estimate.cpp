// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/estimate.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace recorte::service {
namespace {

constexpr double kHeader = 64 << 10;  // bytes of one HDU's header, generously
constexpr double kFitsPixel = 4;      // most surveys hold 32-bit floats
constexpr double kPicturePixel = 4;   // before compression
constexpr double kLargest = 1LL << 60;

/// Pixels of one plane.
double pixels(const sky::Stencil& stencil, double scale) {
  if (const auto* box = std::get_if<sky::Box>(&stencil)) {
    const auto side = [&](const Extent& e) {
      return std::ceil(e.unit == Extent::Unit::kPixel ? e.value : e.value / scale) + 1;
    };
    return side(box->width) * side(box->height);
  }
  const double side = 2 * sky::bounding_cap(stencil, scale).radius / scale + 2;
  return side * side;
}

}  // namespace

std::int64_t estimated_bytes(const cutout::CutoutRequest& request,
                             const nlohmann::json& description) {
  const auto found = description.find("pixel_scale");
  if (found == description.end() || !found->is_number()) return -1;
  const double scale = request.pixscale > 0 ? request.pixscale : found->get<double>();
  double each = pixels(request.stencil, scale);
  if (request.width > 0 && request.height > 0)
    each = std::min(each, static_cast<double>(request.width * request.height));
  if (cutout::is_picture(request.format))
    return static_cast<std::int64_t>(std::min(kHeader + each * kPicturePixel, kLargest));
  const auto all = description.value("bands", nlohmann::json::array()).size();
  const auto bands = request.bands.empty() ? std::max<std::size_t>(1, all) : request.bands.size();
  const auto parts = static_cast<double>(bands * request.planes.size());
  return static_cast<std::int64_t>(std::min(parts * (kHeader + each * kFitsPixel), kLargest));
}

}  // namespace recorte::service
