// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/wcs.hpp"

#include "core/sky/wcs_impl.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace recorte::sky {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBlock = 2048;  // points: the scratch stays in the second-level cache

struct Scratch {
  std::vector<double> a, b, c, phi, theta;
  std::vector<int> status;

  void resize(std::size_t n) {
    for (auto* array : {&a, &b, &c}) array->resize(std::max(array->size(), 2 * n));
    for (auto* array : {&phi, &theta}) array->resize(std::max(array->size(), n));
    status.resize(std::max(status.size(), n));
  }
};
thread_local Scratch scratch;

template <class Block>
void in_blocks(std::size_t points, Block block) {
  for (std::size_t at = 0; at < points; at += kBlock)
    block(2 * at, 2 * std::min(kBlock, points - at));
}

/// WCSLIB 7.12 takes a shortcut where all points share a coordinate, and on HPX and the
/// quadrilateralised cubes it gives wrong answers there. Two points more, one off on each axis,
/// close it.
constexpr std::size_t kGuards = 2;
void put_guards(std::vector<double>& points, std::size_t n) {
  const double first[2] = {points[0], points[1]};
  const double last[2 * kGuards] = {first[0] + 1, first[1], first[0],
                                    first[1] > 0 ? first[1] - 1 : first[1] + 1};
  std::copy(last, last + 2 * kGuards, points.begin() + static_cast<std::ptrdiff_t>(2 * n));
}

constexpr int kInvalidSome = 8;   // WCSERR_BAD_PIX
constexpr int kInvalidWorld = 9;  // WCSERR_BAD_WORLD

}  // namespace

void Wcs::Impl::forward(std::span<const double> xy, std::span<double> lonlat) const {
  const std::size_t n = xy.size() / 2;
  const std::size_t all = n + (seams ? kGuards : 0);
  scratch.resize(all);
  auto& [pixel, image, world, phi, theta, status] = scratch;
  std::copy(xy.begin(), xy.end(), pixel.begin());
  if (sip) sip->distort({pixel.data(), 2 * n});
  for (std::size_t i = 0; i < 2 * n; ++i) pixel[i] += 1;
  if (seams) put_guards(pixel, n);
  const int outcome = wcsp2s(&wcs, static_cast<int>(all), 2, pixel.data(), image.data(), phi.data(),
                             theta.data(), world.data(), status.data());
  const bool all_bad = outcome != 0 && outcome != kInvalidSome;
  for (std::size_t i = 0; i < n; ++i) {
    const bool bad = all_bad || (outcome != 0 && status[i] != 0) || !std::isfinite(xy[2 * i]) ||
                     !std::isfinite(xy[2 * i + 1]);
    lonlat[2 * i] = bad ? kNaN : world[2 * i + wcs.lng];
    lonlat[2 * i + 1] = bad ? kNaN : world[2 * i + wcs.lat];
  }
}

void Wcs::Impl::backward(std::span<const double> lonlat, std::span<double> xy) const {
  const std::size_t n = lonlat.size() / 2;
  const std::size_t all = n + (seams ? kGuards : 0);
  scratch.resize(all);
  auto& [world, image, pixel, phi, theta, status] = scratch;
  for (std::size_t i = 0; i < n; ++i) {
    const bool finite = std::isfinite(lonlat[2 * i]) && std::isfinite(lonlat[2 * i + 1]);
    world[2 * i + wcs.lng] = finite ? lonlat[2 * i] : 0;
    world[2 * i + wcs.lat] = finite ? lonlat[2 * i + 1] : 0;
  }
  if (seams) put_guards(world, n);
  const int outcome = wcss2p(&wcs, static_cast<int>(all), 2, world.data(), phi.data(), theta.data(),
                             image.data(), pixel.data(), status.data());
  const bool all_bad = outcome != 0 && outcome != kInvalidWorld;
  for (std::size_t i = 0; i < n; ++i) {
    const bool bad = all_bad || (outcome != 0 && status[i] != 0) || !std::isfinite(lonlat[2 * i]) ||
                     !std::isfinite(lonlat[2 * i + 1]);
    xy[2 * i] = bad ? kNaN : pixel[2 * i];
    xy[2 * i + 1] = bad ? kNaN : pixel[2 * i + 1];
  }
  if (distorted) {
    const std::vector<double> target(image.begin(), image.begin() + 2 * n);
    polish(target, xy);
  }
  for (double& value : xy) value -= 1;
  if (sip) sip->undo(xy);
}

/// WCSLIB stops its inversion of a distortion early. Newton's steps with one Jacobian finish it.
void Wcs::Impl::polish(std::span<const double> target, std::span<double> xy) const {
  const std::size_t n = xy.size() / 2;
  const auto& j = jacobian;
  const double determinant = j[0] * j[3] - j[1] * j[2];
  const double fine = 1e-10 * std::sqrt(std::abs(determinant));
  auto& image = scratch.c;
  for (int turn = 0; turn < 20; ++turn) {
    if (linp2x(&wcs.lin, static_cast<int>(n), 2, xy.data(), image.data()) != 0) break;
    double worst = 0;
    for (std::size_t i = 0; i < 2 * n; i += 2) {
      const double dx = target[i] - image[i];
      const double dy = target[i + 1] - image[i + 1];
      xy[i] += (j[3] * dx - j[1] * dy) / determinant;
      xy[i + 1] += (j[0] * dy - j[2] * dx) / determinant;
      worst = std::fmax(worst, std::hypot(dx, dy));
      if (turn == 19 && !(std::hypot(dx, dy) < 100 * fine)) xy[i] = xy[i + 1] = kNaN;
    }
    if (worst < fine) break;
  }
}

void Wcs::to_sky(std::span<const double> xy, std::span<double> radec) const {
  {
    const std::lock_guard lock(impl_->mutex);
    in_blocks(xy.size() / 2, [&](std::size_t at, std::size_t size) {
      impl_->forward(xy.subspan(at, size), radec.subspan(at, size));
    });
  }
  if (!impl_->frame.identity()) return impl_->frame.to_icrs(radec.first(xy.size()));
  for (std::size_t i = 0; i < xy.size(); i += 2) {
    double& ra = radec[i];
    if (ra < 0 || ra >= 360) ra -= 360 * std::floor(ra / 360);
    if (ra >= 360) ra = 0;
  }
}

void Wcs::to_pixel(std::span<const double> radec, std::span<double> xy) const {
  std::vector<double> own;
  std::span<const double> lonlat = radec;
  if (!impl_->frame.identity()) {
    own.assign(radec.begin(), radec.end());
    impl_->frame.from_icrs(own);
    lonlat = own;
  }
  const std::lock_guard lock(impl_->mutex);
  in_blocks(radec.size() / 2, [&](std::size_t at, std::size_t size) {
    impl_->backward(lonlat.subspan(at, size), xy.subspan(at, size));
  });
}

Position Wcs::to_sky(Pixel pixel) const {
  const double xy[2] = {pixel.x, pixel.y};
  double radec[2];
  to_sky(xy, radec);
  return {radec[0], radec[1]};
}

Pixel Wcs::to_pixel(Position position) const {
  const double radec[2] = {position.ra, position.dec};
  double xy[2];
  to_pixel(radec, xy);
  return {xy[0], xy[1]};
}

double Wcs::scale_x() const { return impl_->scale_x; }
double Wcs::scale_y() const { return impl_->scale_y; }
bool Wcs::has_seams() const { return impl_->seams; }
bool Wcs::distorted() const { return impl_->distorted || impl_->sip.has_value(); }
std::optional<Vector> Wcs::antipode() const { return impl_->antipode; }

}  // namespace recorte::sky
