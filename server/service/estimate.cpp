// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/estimate.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace recorte::service {
namespace {

constexpr double kHeader = 64 << 10;  // bytes of one HDU's header, generously
constexpr double kFitsPixel = 4;      // most surveys hold 32-bit floats
constexpr double kPicturePixel = 4;   // before compression
constexpr double kLargest = 1LL << 60;
constexpr double kBlock = 2880 / kFitsPixel;
constexpr double kUsualScale = 1e-4;  // degrees a pixel
constexpr double kWholeImage = 1e8;   // pixels
constexpr std::size_t kColours = 3;
// docs/reference/parameters.md: what makes pictures where no algorithm is named.
constexpr const char* kPictures = "lupton";

struct Sides {
  double width, height;  ///< pixels, and parts of them
};

Sides sides(const sky::Stencil& stencil, double scale) {
  if (const auto* box = std::get_if<sky::Box>(&stencil)) {
    const auto side = [&](const Extent& e) {
      return e.unit == Extent::Unit::kPixel ? e.value : e.value / scale;
    };
    return {side(box->width), side(box->height)};
  }
  const double side = 2 * sky::bounding_cap(stencil, scale).radius / scale;
  return {side, side};
}

/// Degrees a pixel of the product.
std::optional<double> scale_of(const cutout::CutoutRequest& request,
                               const nlohmann::json& description) {
  const auto found = description.find("pixel_scale");
  if (found == description.end() || !found->is_number()) return {};
  return request.pixscale > 0 ? request.pixscale : found->get<double>();
}

/// No more than the request allows of the product's plane.
double within(const cutout::CutoutRequest& request, double pixels) {
  if (request.width <= 0 || request.height <= 0) return pixels;
  return std::min(pixels, static_cast<double>(request.width * request.height));
}

std::size_t bands_of(const nlohmann::json& description) {
  const auto found = description.find("bands");
  return std::max<std::size_t>(1, found == description.end() ? 0 : found->size());
}

}  // namespace

std::int64_t estimated_bytes(const cutout::CutoutRequest& request,
                             const nlohmann::json& description) {
  const auto scale = scale_of(request, description);
  if (!scale) return -1;
  const auto [width, height] = sides(request.stencil, *scale);
  const double each = within(request, (std::ceil(width) + 1) * (std::ceil(height) + 1));
  if (cutout::is_picture(request.format))
    return static_cast<std::int64_t>(std::min(kHeader + each * kPicturePixel, kLargest));
  const auto bands = request.bands.empty() ? bands_of(description) : request.bands.size();
  const auto parts = static_cast<double>(bands * request.planes.size());
  return static_cast<std::int64_t>(std::min(parts * (kHeader + each * kFitsPixel), kLargest));
}

Features features_of(const cutout::CutoutRequest& request, const nlohmann::json* description) {
  static const nlohmann::json kNothing = nlohmann::json::object();
  const auto& known = description ? *description : kNothing;
  const bool picture = cutout::is_picture(request.format);
  double each = kWholeImage;
  if (!cutout::wants_whole_image(request)) {
    const auto [width, height] =
        sides(request.stencil, scale_of(request, known).value_or(kUsualScale));
    each = within(request, std::max(1.0, width) * std::max(1.0, height));
  }
  auto bands = request.bands.empty() ? bands_of(known) : request.bands.size();
  if (picture) bands = std::min(kColours, request.rgb.empty() ? bands : request.rgb.size());
  // Data of FITS come in blocks, of which small cutouts fill the last one badly.
  if (!picture) each = std::ceil(each / kBlock) * kBlock;
  const auto planes = picture ? 1 : request.planes.size();
  const std::string made = cutout::wants_another_grid(request) ? "mosaic" : "auto";
  const auto& algorithm = !request.algorithm.empty() ? request.algorithm
                          : picture                  ? std::string(kPictures)
                                                     : made;
  return {request.survey + " " + algorithm + " " +
              std::string(cutout::kFormatNames.at(static_cast<std::size_t>(request.format))),
          std::min(each, kLargest) * static_cast<double>(bands * planes), each};
}

}  // namespace recorte::service
