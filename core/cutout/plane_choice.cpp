// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/plane_choice.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::cutout {
namespace {

using Kind = sky::PlaneAxis::Kind;

bool asks_wavelength(const CutoutRequest& r) {
  return std::isfinite(r.lambda_min) || std::isfinite(r.lambda_max);
}
bool asks_time(const CutoutRequest& r) { return std::isfinite(r.t_min) || std::isfinite(r.t_max); }

bool asks_state(const CutoutRequest& r, std::string_view state) {
  return std::find(r.polarizations.begin(), r.polarizations.end(), state) != r.polarizations.end();
}

bool wanted(const sky::PlaneAxis& axis, std::size_t i, const CutoutRequest& r) {
  const auto meets = [&](double from, double to) {
    return axis.low[i] <= to && axis.high[i] >= from;  // false for NaN
  };
  if (axis.kind == Kind::kSpectral && asks_wavelength(r)) return meets(r.lambda_min, r.lambda_max);
  if (axis.kind == Kind::kTime && asks_time(r)) return meets(r.t_min, r.t_max);
  if (axis.kind == Kind::kStokes && !r.polarizations.empty()) {
    const auto state =
        std::isnan(axis.low[i]) ? std::nullopt : sky::stokes_state(static_cast<int>(axis.low[i]));
    return state && asks_state(r, *state);
  }
  return true;
}

}  // namespace

PlaneChoice PlaneChoice::all(std::vector<std::int64_t> lengths) {
  return {std::vector<std::int64_t>(lengths.size(), 0), lengths, lengths};
}

void PlaneChoice::keep(std::size_t axes) {
  for (auto* values : {&first, &count, &length}) values->resize(std::min(values->size(), axes));
}

std::int64_t PlaneChoice::planes() const {
  std::int64_t product = 1;
  for (const auto n : count) product *= n;
  return product;
}

std::int64_t PlaneChoice::plane(std::int64_t n) const {
  std::int64_t out = 0;
  std::int64_t step = 1;
  for (std::size_t i = 0; i < count.size(); ++i) {
    out += step * (first[i] + n % count[i]);
    n /= count[i];
    step *= length[i];
  }
  return out;
}

std::optional<PlaneChoice> choose_planes(const std::vector<sky::PlaneAxis>& axes,
                                         const CutoutRequest& request, bool has_wavelength) {
  const auto has = [&](Kind kind) {
    return std::any_of(axes.begin(), axes.end(), [&](const auto& a) { return a.kind == kind; });
  };
  if (asks_wavelength(request) && !has_wavelength && !has(Kind::kSpectral)) return {};
  if (!request.polarizations.empty() && !has(Kind::kStokes) && !asks_state(request, "I")) return {};
  PlaneChoice out;
  for (const auto& axis : axes) {
    std::int64_t first = -1;
    std::int64_t last = -1;
    for (std::int64_t i = 0; i < axis.length; ++i) {
      if (!wanted(axis, static_cast<std::size_t>(i), request)) continue;
      if (first < 0) first = i;
      last = i;
    }
    if (first < 0) return {};
    out.first.push_back(first);
    out.count.push_back(last - first + 1);
    out.length.push_back(axis.length);
  }
  return out;
}

}  // namespace recorte::cutout
