// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/target.hpp"

#include "core/cutout/wcs_cards.hpp"
#include "core/sky/selection.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace recorte::cutout {
namespace {

using sky::PixelRect;

constexpr std::int64_t kFar = std::int64_t{1} << 39;
constexpr PixelRect kEverywhere{-kFar, -kFar, 2 * kFar, 2 * kFar};

PixelRect whole(const Located& located) {
  return {0, 0, located.image->info.width, located.image->info.height};
}

/// The smallest rectangle of the other grid's pixels that holds the border of `rect`: everything,
/// where part of the border is not on that grid.
PixelRect mapped_border(const image::PointMap& map, const PixelRect& rect) {
  constexpr int kSteps = 64;
  const double x0 = static_cast<double>(rect.x) - 0.5;
  const double y0 = static_cast<double>(rect.y) - 0.5;
  const double w = static_cast<double>(rect.width);
  const double h = static_cast<double>(rect.height);
  std::vector<double> in, out(std::size_t{8} * kSteps);
  for (int i = 0; i < kSteps; ++i) {
    const double t = static_cast<double>(i) / kSteps;
    in.insert(in.end(),
              {x0 + t * w, y0, x0 + w, y0 + t * h, x0 + (1 - t) * w, y0 + h, x0, y0 + (1 - t) * h});
  }
  map(in, out);
  std::array<double, 4> box{INFINITY, -INFINITY, INFINITY, -INFINITY};
  for (std::size_t i = 0; i < out.size(); i += 2) {
    if (!(std::abs(out[i]) < static_cast<double>(kFar) / 2 &&
          std::abs(out[i + 1]) < static_cast<double>(kFar) / 2))
      return kEverywhere;
    box = {std::min(box[0], out[i]), std::max(box[1], out[i]), std::min(box[2], out[i + 1]),
           std::max(box[3], out[i + 1])};
  }
  // Rounding inward by a hair: the border of an aligned image is at whole and a half.
  const auto first = [](double v) { return static_cast<std::int64_t>(std::ceil(v - 1e-3)); };
  const auto last = [](double v) { return static_cast<std::int64_t>(std::floor(v + 1e-3)); };
  return {first(box[0]), first(box[2]), last(box[1]) - first(box[0]) + 1,
          last(box[3]) - first(box[2]) + 1};
}

PixelRect grown(const PixelRect& r, std::int64_t by) {
  return {r.x - by, r.y - by, r.width + 2 * by, r.height + 2 * by};
}

PixelRect hull(const PixelRect& a, const PixelRect& b) {
  if (a.empty()) return b;
  const auto x = std::min(a.x, b.x);
  const auto y = std::min(a.y, b.y);
  return {x, y, std::max(a.x + a.width, b.x + b.width) - x,
          std::max(a.y + a.height, b.y + b.height) - y};
}

std::size_t finest(const std::vector<Located>& images) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < images.size(); ++i)
    if (images[i].image->wcs->scale_x() < images[best].image->wcs->scale_x() * (1 - 1e-9)) best = i;
  return best;
}

/// How the grid of an image lies about a position: degrees a pixel, and the directions of its axes.
struct Pose {
  double scale = 0;       ///< the square root of a pixel's area
  double angle = 0;       ///< of the y axis, east of north, degrees
  bool mirrored = false;  ///< east is on the right where north is up
};

Result<Pose> pose_at(const sky::Wcs& wcs, const sky::Position& centre) {
  const auto at = wcs.to_pixel(centre);
  const std::array<double, 8> xy{at.x - .5, at.y,      at.x + .5, at.y,
                                 at.x,      at.y - .5, at.x,      at.y + .5};
  std::array<double, 8> radec{};
  wcs.to_sky(xy, radec);
  std::array<sky::Vector, 4> v;
  for (std::size_t i = 0; i < 4; ++i) v[i] = sky::to_vector({radec[2 * i], radec[2 * i + 1]});
  const auto middle = sky::to_vector(centre);
  const auto north = sky::offset(middle, 0, 90);
  const auto east = sky::offset(middle, 90, 90);
  const auto along = [&](std::size_t i, const sky::Vector& axis) {
    return (sky::dot(v[i + 1], axis) - sky::dot(v[i], axis)) / sky::kDegree;
  };
  const double area = along(0, east) * along(2, north) - along(0, north) * along(2, east);
  if (!(std::abs(area) > 0))
    return fail(ErrorCode::kUsage,
                "the middle of the region has no place on the images' grid; "
                "name a region nearer to them");
  return Pose{std::sqrt(std::abs(area)), std::atan2(along(2, east), along(2, north)) / sky::kDegree,
              area > 0};
}

fits::Header tan_cards(const sky::Position& centre, const Pose& pose, double crpix1,
                       double crpix2) {
  const double c = pose.scale * std::cos(pose.angle * sky::kDegree);
  const double s = pose.scale * std::sin(pose.angle * sky::kDegree);
  const double hand = pose.mirrored ? 1 : -1;
  fits::Header out;
  out.set_integer("WCSAXES", 2);
  out.set_text("CTYPE1", "RA---TAN");
  out.set_text("CTYPE2", "DEC--TAN");
  out.set_number("CRVAL1", centre.ra);
  out.set_number("CRVAL2", centre.dec);
  out.set_number("CRPIX1", crpix1);
  out.set_number("CRPIX2", crpix2);
  out.set_text("CUNIT1", "deg");
  out.set_text("CUNIT2", "deg");
  out.set_number("CD1_1", hand * c);
  out.set_number("CD1_2", s);
  out.set_number("CD2_1", -hand * s);
  out.set_number("CD2_2", c);
  out.set_number("LONPOLE", 180);  // at the pole itself the default would be 0
  out.set_text("RADESYS", "ICRS");
  return out;
}

sky::Position middle_of(const OpenImage& image) {
  return image.wcs->to_sky(sky::Pixel{static_cast<double>(image.info.width - 1) / 2,
                                      static_cast<double>(image.info.height - 1) / 2});
}

bool holds(const OpenImage& image, const sky::Position& place) {
  const auto pixel = image.wcs->to_pixel(place);
  return pixel.x >= 0 && pixel.x <= static_cast<double>(image.info.width - 1) && pixel.y >= 0 &&
         pixel.y <= static_cast<double>(image.info.height - 1);
}

struct Grid {
  sky::Wcs wcs;
  fits::Header cards;
};

Result<Grid> grid_of(fits::Header cards) {
  auto wcs = sky::Wcs::parse(cards.joined());
  if (!wcs) return fail(std::move(wcs).error());
  return Grid{std::move(*wcs), std::move(cards)};
}

/// A grid of square pixels about the middle of the region, and what the region selects on it.
Result<Target> tan_target(const Location& location, const CutoutRequest& request,
                          std::size_t image) {
  const auto& finest = *location.images[image].image;
  const auto centre = wants_whole_image(request)
                          ? middle_of(finest)
                          : sky::to_position(sky::bounding_cap(request.stencil, 0).centre);
  // Beyond the image, the middle of the region may be on a seam.
  const bool beyond = finest.wcs->has_seams() && !holds(finest, centre);
  auto pose = pose_at(*finest.wcs, beyond ? middle_of(finest) : centre);
  if (!pose) return fail(std::move(pose).error());
  if (request.pixscale > 0) pose->scale = request.pixscale;
  if (request.north_up) *pose = {pose->scale, 0, false};
  auto grid = grid_of(tan_cards(centre, *pose, 1, 1));
  if (!grid) return fail(std::move(grid).error());
  if (wants_whole_image(request))
    return Target{std::move(grid->wcs), std::move(grid->cards), kEverywhere, {}, {}, {}, {}};
  auto rect = sky::select_on_grid(request.stencil, grid->wcs);
  if (!rect) return fail(std::move(rect).error());
  if (std::holds_alternative<sky::Box>(request.stencil)) {  // its middle is the position, exactly
    grid = grid_of(tan_cards(centre, *pose, static_cast<double>(rect->width + 1) / 2,
                             static_cast<double>(rect->height + 1) / 2));
    if (!grid) return fail(std::move(grid).error());
    rect->x = rect->y = 0;
  }
  return Target{std::move(grid->wcs), std::move(grid->cards), *rect, {}, {}, {}, {}};
}

/// The image's own grid, where it needs no other: nullopt where its distortion would have to be
/// believed beyond it.
std::optional<Target> own_target(const Location& location, const CutoutRequest& request,
                                 std::size_t image) {
  const auto& located = location.images[image];
  if (request.pixscale > 0 || request.north_up) return {};
  Target out{*located.image->wcs,
             wcs_cards(located.image->info.header),
             whole(located),
             image,
             {},
             {},
             {}};
  if (!wants_whole_image(request)) {
    const auto rect = sky::select_on_grid(request.stencil, out.wcs);
    if (!rect && std::holds_alternative<sky::Box>(request.stencil)) return {};
    out.rect = rect ? *rect : kEverywhere;
  }
  const bool inside = sky::intersection(out.rect, whole(located)) == out.rect;
  if (out.wcs.distorted() && !inside) return {};
  return out;
}

/// How many pixels of the grid go into one where a width or a height is asked for; 1 where the
/// picture is no larger.
double coarser_by(const PixelRect& rect, const CutoutRequest& request) {
  double factor = 1;
  if (request.width > 0)
    factor = std::max(factor, static_cast<double>(rect.width) / static_cast<double>(request.width));
  if (request.height > 0)
    factor =
        std::max(factor, static_cast<double>(rect.height) / static_cast<double>(request.height));
  return factor;
}

/// The same grid with pixels `factor` times as large, counted from the corner of `rect`.
Status coarsen(Target& target, double factor) {
  auto& cards = target.cards;
  const auto move = [&](const char* keyword, std::int64_t first) {
    const double old = cards.number(keyword).value_or(0) - static_cast<double>(first);
    cards.set_number(keyword, (old - 0.5) / factor + 0.5);
  };
  move("CRPIX1", target.rect.x);
  move("CRPIX2", target.rect.y);
  const bool matrix = cards.has("CD1_1") || cards.has("CD2_2") || cards.has("CD1_2");
  for (const auto* keyword : {"CD1_1", "CD1_2", "CD2_1", "CD2_2", "CDELT1", "CDELT2"}) {
    const auto old = cards.number(keyword);
    if (old) cards.set_number(keyword, *old * factor);
    if (!old && !matrix && keyword[2] == 'E') cards.set_number(keyword, factor);
  }
  auto grid = grid_of(cards);
  if (!grid) return fail(std::move(grid).error());
  target.wcs = std::move(grid->wcs);
  const auto fewer = [&](std::int64_t pixels) {
    return std::max<std::int64_t>(1, std::llround(static_cast<double>(pixels) / factor));
  };
  target.rect = {0, 0, fewer(target.rect.width), fewer(target.rect.height)};
  target.input.reset();
  return {};
}

void find_images(Target& target, const std::vector<Located>& images) {
  target.extents.clear();
  target.shifts.clear();
  target.needed.clear();
  for (const auto& located : images) {
    const auto& wcs = *located.image->wcs;
    target.extents.push_back(mapped_border(grid_map(wcs, target.wcs), whole(located)));
    // A border's hull can miss what bends out between its points.
    target.needed.push_back(sky::intersection(
        grown(mapped_border(grid_map(target.wcs, wcs), target.rect), 4), whole(located)));
    const auto shared = sky::intersection(target.extents.back(), target.rect);
    target.shifts.push_back(shared.empty() ? std::nullopt
                                           : whole_shift(grid_map(target.wcs, wcs), shared));
  }
}

/// Whether the grid has the pixels of every image. One with seams, which neighbours on the sky may
/// be on two sides of, is good for no others.
bool all_aligned(Target& target, const std::vector<Located>& images) {
  find_images(target, images);
  return std::ranges::all_of(target.shifts, [](const auto& shift) { return shift.has_value(); });
}

Status trim(Target& target, const Location& location, const CutoutRequest& request) {
  if (std::holds_alternative<sky::Box>(request.stencil) && request.edges == Edges::kPad) return {};
  PixelRect covered;
  for (const auto& located : location.images)
    covered =
        hull(covered, mapped_border(grid_map(*located.image->wcs, target.wcs),
                                    sky::intersection(located.selection.rect, whole(located))));
  target.rect = sky::intersection(target.rect, covered);
  if (target.rect.empty())
    return fail(ErrorCode::kNoCoverage, "no pixel of the images lies in the region");
  if (target.rect.width > kFar || target.rect.height > kFar)
    return fail(ErrorCode::kTooLarge,
                "the region has no end on one grid; ask for a smaller one, or name an image");
  return {};
}

}  // namespace

Result<Target> make_target(const Location& location, const CutoutRequest& request) {
  const auto image = finest(location.images);
  auto own = own_target(location, request, image);
  if (own) RECORTE_TRY(trim(*own, location, request));
  if (own && own->wcs.distorted() && coarser_by(own->rect, request) > 1) own.reset();
  if (own && own->wcs.has_seams() && !all_aligned(*own, location.images)) own.reset();
  Result<Target> target =
      own ? Result<Target>(std::move(*own)) : tan_target(location, request, image);
  if (!target) return target;
  if (!own) RECORTE_TRY(trim(*target, location, request));
  if (const auto factor = coarser_by(target->rect, request); factor > 1)
    RECORTE_TRY(coarsen(*target, factor));
  find_images(*target, location.images);
  return target;
}

}  // namespace recorte::cutout
