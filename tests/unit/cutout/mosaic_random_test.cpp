// SPDX-License-Identifier: BSD-3-Clause
//
// Mosaics of random images against the plainest way there is: each pixel of the grid is mapped
// exactly onto each image, and what those that cover it hold there is combined.
#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/services/services.hpp"
#include "fake_survey.hpp"
#include "support.hpp"
#include "tests/unit/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string>
#include <vector>

namespace recorte::cutout {
namespace {

using recorte::test::Random;

constexpr double kArcsec = 1. / 3600;
constexpr double kEast = 3, kNorth = 2;  // by which the sky rises, an arcsecond
const double kSlope = std::hypot(kEast, kNorth);

/// An image of a sky that rises evenly, lifted by `level`, with holes.
struct Made {
  std::int64_t width = 0, height = 0;
  double level = 0, scale = 0;  ///< of a pixel, arcseconds
  std::vector<bool> hole;

  bool has(std::int64_t x, std::int64_t y) const {
    return x >= 0 && y >= 0 && x < width && y < height &&
           !hole[static_cast<std::size_t>(y * width + x)];
  }
  /// Whether all is whole about that place, as far as kernels reach.
  bool whole_about(double x, double y) const {
    for (auto j = std::lround(y) - 4; j <= std::lround(y) + 4; ++j)
      for (auto i = std::lround(x) - 4; i <= std::lround(x) + 4; ++i)
        if (!has(i, j)) return false;
    return true;
  }
};

class RandomMosaic {
 public:
  explicit RandomMosaic(Random& random)
      : random_(random),
        centre_{random.any_of(std::vector<double>{0, 150, 359.999}),
                random.any_of(std::vector<double>{2, -60, 89.5})} {
    const int images = random.within(2, 4);
    for (int k = 0; k < images; ++k) add("image" + std::to_string(k));
  }

  void check() {
    const auto request = parse_canonical("survey=fake&bands=g&ra=" + std::to_string(centre_.ra) +
                                         "&dec=" + std::to_string(centre_.dec) + "&size=60arcsec")
                             .value();
    plugin::Call call({});
    const Watch watch;
    auto location = locate(fake_.survey, request, {}, cache_, call, watch, HowMany::kEnough);
    ASSERT_TRUE(location) << location.error().message;
    auto target = make_target(*location, request);
    ASSERT_TRUE(target) << target.error().message;
    const Algorithm algorithm;
    AlgorithmRun run(algorithm, *location, request, nlohmann::json::object(), cache_, call, watch,
                     *target);
    for (const auto combine : {RECORTE_MEAN, RECORTE_MEDIAN, RECORTE_FIRST})
      for (const auto kernel : {RECORTE_NEAREST, RECORTE_BILINEAR, RECORTE_LANCZOS3}) {
        const recorte_mosaic_options options{
            sizeof options, kernel, combine, RECORTE_SURFACE_BRIGHTNESS, 0, 0};
        compare(*location, *target, options, pixels(run, options, target->rect));
      }
    check_pieces(run, target->rect);
  }

 private:
  void add(const std::string& id) {
    auto& made = made_[id];
    made.width = random_.within(20, 70);
    made.height = random_.within(20, 70);
    made.level = random_.within(0, 50);
    made.scale = random_.between(0.7, 1.5);
    made.hole.resize(static_cast<std::size_t>(made.width * made.height));
    const double turn = random_.between(0, 2 * std::numbers::pi);
    const double flip = random_.one_in(2) ? -1 : 1;
    const auto at = sky::to_position(sky::offset(sky::to_vector(centre_), random_.between(0, 360),
                                                 random_.between(0, 25) * kArcsec));
    test::Picture picture;
    picture.width = static_cast<int>(made.width);
    picture.height = static_cast<int>(made.height);
    picture.wcs = false;
    const auto number = [&](const char* key, double value) {
      char text[81];
      std::snprintf(text, sizeof text, "%-8s= %.15E", key, value);
      picture.cards.emplace_back(text);
    };
    picture.cards = {"CTYPE1  = 'RA---TAN'", "CTYPE2  = 'DEC--TAN'"};
    const double scale = made.scale * kArcsec;
    number("CRVAL1", at.ra);
    number("CRVAL2", at.dec);
    number("CRPIX1", static_cast<double>(made.width) / 2);
    number("CRPIX2", static_cast<double>(made.height) / 2);
    number("CD1_1", -flip * scale * std::cos(turn));
    number("CD1_2", scale * std::sin(turn));
    number("CD2_1", flip * scale * std::sin(turn));
    number("CD2_2", scale * std::cos(turn));
    std::string cards;
    for (const auto& text : picture.cards) cards += test::card(text);
    const auto wcs = sky::Wcs::parse(cards).value();
    for (int hole = random_.below(4); hole > 0; --hole) {
      const auto x = random_.below(picture.width), y = random_.below(picture.height);
      for (int j = y; j < std::min(picture.height, y + 3); ++j)
        made.hole[static_cast<std::size_t>(j * picture.width + x)] = true;
    }
    for (std::int64_t y = 0; y < made.height; ++y)
      for (std::int64_t x = 0; x < made.width; ++x)
        picture.pixels.push_back(made.has(x, y) ? made.level + sky_at(wcs, static_cast<double>(x),
                                                                      static_cast<double>(y))
                                                : NAN);
    test::write_picture(directory_ / (id + ".fits"), picture);
    fake_.add(id, "g", directory_ / (id + ".fits"));
  }

  /// Of the sky itself: even in arcseconds east and north of the centre.
  double sky_at(const sky::Wcs& wcs, double x, double y) const {
    const double pixel[2] = {x, y};
    double place[2];
    wcs.to_sky(pixel, place);
    const double ra = (place[0] - centre_.ra) * sky::kDegree, dec = place[1] * sky::kDegree,
                 dec0 = centre_.dec * sky::kDegree;
    const double down =
        std::sin(dec0) * std::sin(dec) + std::cos(dec0) * std::cos(dec) * std::cos(ra);
    const double east = std::cos(dec) * std::sin(ra) / down;
    const double north =
        (std::cos(dec0) * std::sin(dec) - std::sin(dec0) * std::cos(dec) * std::cos(ra)) / down;
    return (kEast * east + kNorth * north) / sky::kDegree / kArcsec;
  }

  static std::vector<float> pixels(AlgorithmRun& run, const recorte_mosaic_options& options,
                                   const sky::PixelRect& rect) {
    const recorte_rect window{rect.x, rect.y, rect.width, rect.height};
    recorte_image* image = nullptr;
    recorte_error error{};
    const auto status =
        mosaic_service()->band(run.job(), 0, RECORTE_IMAGE, &window, &options, &image, &error);
    EXPECT_EQ(status, RECORTE_OK);
    if (status != RECORTE_OK) return {};
    const plugin::ImageRef owned(image);
    const auto* first = static_cast<const float*>(image->pixels);
    return {first, first + rect.area()};
  }

  void compare(const Location& location, const Target& target,
               const recorte_mosaic_options& options, const std::vector<float>& got) const {
    ASSERT_EQ(static_cast<std::int64_t>(got.size()), target.rect.area());
    int compared = 0;
    for (std::int64_t j = 0; j < target.rect.height; ++j)
      for (std::int64_t i = 0; i < target.rect.width; ++i) {
        const auto x = static_cast<double>(target.rect.x + i);
        const auto y = static_cast<double>(target.rect.y + j);
        const auto expected = plainly(location, target, options, x, y);
        if (!expected.sure) continue;
        ++compared;
        const double value =
            static_cast<double>(got[static_cast<std::size_t>(j * target.rect.width + i)]);
        ASSERT_EQ(std::isnan(value), std::isnan(expected.value))
            << x << " " << y << ", kernel " << options.kernel << ", rule " << options.combine;
        if (!std::isnan(value)) {
          ASSERT_NEAR(value, expected.value, expected.tolerance)
              << x << " " << y << ", kernel " << options.kernel << ", rule " << options.combine;
        }
      }
    EXPECT_GT(compared, target.rect.area() / 2);
  }

  struct Expected {
    double value = NAN, tolerance = 0;
    bool sure = true;  ///< no place lies so near to a pixel's border that rounding decides
  };
  Expected plainly(const Location& location, const Target& target,
                   const recorte_mosaic_options& options, double x, double y) const {
    Expected out;
    const double truth = sky_at(target.wcs, x, y);
    const double grid[2] = {x, y};
    double place[2];
    target.wcs.to_sky(grid, place);
    std::vector<double> levels;
    for (const auto& image : location.images) {
      const auto& made = made_.at(image.source.id);
      double at[2];
      image.image->wcs->to_pixel(place, at);
      const auto near = [](double v) { return std::abs(v - std::floor(v) - 0.5) < 0.002; };
      if (near(at[0]) || near(at[1])) out.sure = false;
      if (!made.has(std::lround(at[0]), std::lround(at[1]))) continue;
      levels.push_back(made.level);
      // Lanczos-3 has a line to 2 % of its slope on each axis. Where a kernel is cut, it is as good
      // as the nearest pixel at worst.
      const double pixel = kSlope * made.scale;
      const bool whole = made.whole_about(at[0], at[1]);
      const double off = options.kernel == RECORTE_NEAREST || !whole ? 0.75
                         : options.kernel == RECORTE_BILINEAR        ? 3e-4
                                                                     : 0.0285;
      out.tolerance = std::max(out.tolerance, off * pixel + 1e-4);
      if (options.combine == RECORTE_FIRST) break;
    }
    if (levels.empty()) return out;
    std::ranges::sort(levels);
    const auto n = levels.size();
    double level = 0;
    if (options.combine == RECORTE_MEDIAN)
      level = (levels[(n - 1) / 2] + levels[n / 2]) / 2;
    else
      for (const double each : levels) level += each / static_cast<double>(n);
    out.value = truth + level;
    return out;
  }

  /// Exactly mapped, a window is the same whatever is made besides.
  void check_pieces(AlgorithmRun& run, const sky::PixelRect& all) {
    for (const auto combine : {RECORTE_MEAN, RECORTE_MEDIAN, RECORTE_FIRST}) {
      const recorte_mosaic_options options{
          sizeof options, RECORTE_LANCZOS3, combine, RECORTE_SURFACE_BRIGHTNESS, 1, 0};
      const auto whole = pixels(run, options, all);
      const auto x = random_.below(static_cast<int>(all.width));
      const auto y = random_.below(static_cast<int>(all.height));
      const sky::PixelRect part{all.x + x, all.y + y,
                                random_.within(1, static_cast<int>(all.width) - x),
                                random_.within(1, static_cast<int>(all.height) - y)};
      const auto piece = pixels(run, options, part);
      ASSERT_EQ(static_cast<std::int64_t>(piece.size()), part.area());
      for (std::int64_t j = 0; j < part.height; ++j)
        for (std::int64_t i = 0; i < part.width; ++i) {
          const float a = piece[static_cast<std::size_t>(j * part.width + i)];
          const float b = whole[static_cast<std::size_t>((y + j) * all.width + x + i)];
          ASSERT_TRUE(a == b || (std::isnan(a) && std::isnan(b))) << i << " " << j << ": " << a;
        }
    }
  }

  Random& random_;
  const sky::Position centre_;
  const test::TempDir directory_;
  test::FakeSurvey fake_;
  ImageCache cache_{CacheLimits{.open_files = 8}};
  std::map<std::string, Made> made_;
};

TEST(MosaicAtRandom, IsWhatEachPixelMappedExactlyGives) {
  recorte::test::for_rounds(15, [](Random& random) { RandomMosaic(random).check(); });
}

}  // namespace
}  // namespace recorte::cutout
