// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/area_average.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace recorte::image {
namespace {

/// The fine pixels of [begin, begin + length) that an interval meets, and the part of each in it.
struct Parts {
  Parts(double from, double to, std::int64_t begin, std::int64_t length) : from_(from), to_(to) {
    const auto limit = [&](double v) {
      return std::clamp(v, static_cast<double>(begin), static_cast<double>(begin + length));
    };
    first = static_cast<std::int64_t>(limit(std::floor(from + 0.5)));
    last = static_cast<std::int64_t>(limit(std::ceil(to + 0.5)));
  }
  double of(std::int64_t pixel) const {
    const auto centre = static_cast<double>(pixel);
    return std::max(0.0, std::min(to_, centre + 0.5) - std::max(from_, centre - 0.5));
  }
  std::int64_t first = 0, last = 0;  ///< half open

 private:
  double from_, to_;
};

}  // namespace

AreaRow::AreaRow(const Coarser& across, const Coarser& up, std::int64_t x0, std::int64_t y,
                 std::size_t pixels)
    : across_(across), up_(up), x0_(x0), y_(y), sum_(pixels, 0), weight_(pixels, 0) {}

void AreaRow::add(const Patch& patch) {
  const Parts rows(up_.begin(y_), up_.end(y_), patch.y0, patch.height);
  for (auto fine_y = rows.first; fine_y < rows.last; ++fine_y) {
    const double wy = rows.of(fine_y);
    if (wy <= 0) continue;
    const float* row = patch.pixels + (fine_y - patch.y0) * patch.row_length - patch.x0;
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      const auto x = x0_ + static_cast<std::int64_t>(i);
      const Parts columns(across_.begin(x), across_.end(x), patch.x0, patch.width);
      for (auto fine_x = columns.first; fine_x < columns.last; ++fine_x) {
        const auto value = static_cast<double>(row[fine_x]);
        const double w = wy * columns.of(fine_x);
        if (!std::isnan(value) && w > 0) {
          sum_[i] += w * value;
          weight_[i] += w;
        }
      }
    }
  }
}

void AreaRow::result(std::span<float> out) const {
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = weight_[i] > 0 ? static_cast<float>(sum_[i] / weight_[i])
                            : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace recorte::image
