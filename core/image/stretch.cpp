// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/stretch.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace recorte::image {
namespace {

template <class Function>
void apply(double black, double white, std::span<const float> in, std::span<std::uint8_t> out,
           Function&& f) {
  const double scale = 1 / (white - black);
  for (std::size_t i = 0; i < in.size(); ++i) {
    const double t = (static_cast<double>(in[i]) - black) * scale;
    out[i] = t > 0 ? static_cast<std::uint8_t>(std::lround(255 * f(std::min(t, 1.0)))) : 0;
  }
}

}  // namespace

void stretch(Curve curve, double black, double white, double softness, std::span<const float> in,
             std::span<std::uint8_t> out) {
  // What both tend to as the softness vanishes; also the answer to a softness that is none.
  const bool curved = curve == Curve::kLog || curve == Curve::kAsinh;
  if (curved && !(softness > 0 && std::isfinite(softness))) curve = Curve::kLinear;
  switch (curve) {
    case Curve::kLinear: return apply(black, white, in, out, [](double t) { return t; });
    case Curve::kSqrt: return apply(black, white, in, out, [](double t) { return std::sqrt(t); });
    case Curve::kLog: {
      const double norm = 1 / std::log1p(softness);
      return apply(black, white, in, out,
                   [=](double t) { return std::log1p(softness * t) * norm; });
    }
    case Curve::kAsinh: {
      const double norm = 1 / std::asinh(softness);
      return apply(black, white, in, out,
                   [=](double t) { return std::asinh(softness * t) * norm; });
    }
  }
}

std::optional<std::pair<double, double>> percentiles(std::span<const float> samples, double low,
                                                     double high) {
  std::vector<float> finite;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(finite),
               [](float v) { return std::isfinite(v); });
  if (finite.empty()) return {};
  auto value = [&](double percent) {
    const double fraction = percent > 0 ? std::min(percent, 100.0) / 100 : 0;  // of NaN too
    const auto at = static_cast<std::ptrdiff_t>(
        std::llround(fraction * static_cast<double>(finite.size() - 1)));
    std::nth_element(finite.begin(), finite.begin() + at, finite.end());
    return static_cast<double>(finite[static_cast<std::size_t>(at)]);
  };
  return std::pair(value(low), value(high));
}

}  // namespace recorte::image
