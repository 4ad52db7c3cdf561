// SPDX-License-Identifier: BSD-3-Clause
#include "core/coverage/picture.hpp"

#include "core/base/io.hpp"
#include "core/base/utf8.hpp"
#include "core/coverage/grid.hpp"
#include "core/coverage/projection.hpp"
#include "core/draw/font.hpp"
#include "core/encode/png_writer.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace recorte::coverage {
namespace {

using Colour = std::array<double, 3>;
constexpr Colour kPaper{13, 15, 22}, kSky{27, 32, 46}, kLine{74, 82, 104};
constexpr Colour kFewest{46, 96, 150}, kMost{255, 205, 96};  // bands

constexpr std::int64_t kWholeWidth = 1000, kPartSide = 640;
constexpr int kLetters = 13;
constexpr double kHalo = 1.5, kLineHalfWidth = 0.35;
constexpr double kLargestPart = 60;  // degrees of cap, beyond which the whole sky is shown
constexpr std::size_t kMostBandsInWords = 12;

/// A cap around all of it, and around its middle.
sky::Cap extent_of(const sky::Moc& moc) {
  const auto cells = moc.cells();
  sky::Vector middle{};
  for (const auto& cell : cells) {
    const double side = sky::side_of_cells(cell.order);
    const auto centre = sky::point_of(cell, 0.5, 0.5);
    for (std::size_t i = 0; i < 3; ++i) middle[i] += side * side * centre[i];
  }
  if (!(std::hypot(middle[0], middle[1], middle[2]) > 0)) return {{1, 0, 0}, 180};
  sky::Cap out{sky::normalised(middle), 0};
  for (const auto& cell : cells) {
    const auto cap = sky::cap_of(cell);
    out.radius = std::max(out.radius, sky::separation(out.centre, cap.centre) + cap.radius);
  }
  return out;
}

class Picture {
 public:
  Picture(const Projection& projection, std::int64_t words)
      : projection_(projection),
        width_(projection.width()),
        height_(projection.height() + words),
        rgb_(static_cast<std::size_t>(3 * width_ * height_)) {
    for (std::int64_t y = 0; y < height_; ++y)
      for (std::int64_t x = 0; x < width_; ++x) {
        const auto sky = y < projection.height() ? direction(x, y) : std::nullopt;
        paint(x, y, sky ? kSky : kPaper, 1);
      }
  }

  void show(const SurveyCoverage& coverage) {
    std::vector<int> depth(static_cast<std::size_t>(width_ * projection_.height()));
    for (const auto& band : coverage.bands) {
      const auto covered = pixels_of(band.sky.touched);
      for (std::size_t i = 0; i < depth.size(); ++i) depth[i] += covered[i] ? 1 : 0;
    }
    const auto most = static_cast<double>(coverage.bands.size());
    for (std::size_t i = 0; i < depth.size(); ++i) {
      if (depth[i] == 0) continue;
      const auto at = static_cast<std::int64_t>(i);
      paint(at % width_, at / width_, shade(depth[i], most), 1);
    }
  }

  void draw(const Grid& grid) {
    draw::Canvas lines({0, 0, width_, projection_.height()});
    for (const auto& line : grid.lines)
      for (std::size_t i = 1; i < line.size(); ++i)
        lines.segment(line[i - 1], line[i], kLineHalfWidth);
    const auto mark = lines.finish(0);
    for (std::int64_t y = 0; y < projection_.height(); ++y)
      for (std::int64_t x = 0; x < width_; ++x)
        paint(x, y, kLine, mark.pixels[static_cast<std::size_t>(y * width_ + x)].coverage / 255.0);
    for (const auto& label : grid.labels) blend(label);
  }

  void write(const draw::Font& font, const std::string& text, std::int64_t baseline) {
    draw::Canvas canvas({0, baseline - font.ascent() - 2, width_, baseline + font.descent() + 2});
    font.draw(canvas, decode_utf8(text), font.size(), baseline);
    blend(canvas.finish(kHalo));
  }

  Result<std::string> png(const std::string& name) const {
    const auto file = make_memfd("coverage");
    if (!file) return fail(file.error());
    encode::PngWriter writer(file->get(), width_, height_, 3,
                             {{"Title", "Coverage of " + name}, {"Software", "Recorte"}});
    for (std::int64_t y = 0; y < height_; ++y)
      RECORTE_TRY(writer.row(rgb_.data() + 3 * width_ * y));
    RECORTE_TRY(writer.end());
    return read_descriptor(file->get());
  }

 private:
  static Colour shade(int bands, double most) {
    const double t = most > 1 ? (bands - 1) / (most - 1) : 0.5;
    Colour out{};
    for (std::size_t i = 0; i < 3; ++i) out[i] = kFewest[i] + t * (kMost[i] - kFewest[i]);
    return out;
  }

  std::optional<sky::Vector> direction(std::int64_t x, std::int64_t y) const {
    return projection_.sky_at({static_cast<double>(x), static_cast<double>(y)});
  }

  /// By the middle of each pixel; and what is smaller than a pixel is one.
  std::vector<char> pixels_of(const sky::Moc& moc) const {
    std::vector<char> out(static_cast<std::size_t>(width_ * projection_.height()));
    for (std::int64_t y = 0; y < projection_.height(); ++y)
      for (std::int64_t x = 0; x < width_; ++x)
        if (const auto at = direction(x, y); at && moc.contains(*at))
          out[static_cast<std::size_t>(y * width_ + x)] = 1;
    for (const auto& cell : moc.cells())
      if (const auto at = projection_.pixel_of(sky::point_of(cell, 0.5, 0.5)))
        out[static_cast<std::size_t>(std::llround(at->y) * width_ + std::llround(at->x))] = 1;
    return out;
  }

  void paint(std::int64_t x, std::int64_t y, const Colour& colour, double opacity) {
    auto* at = rgb_.data() + 3 * (y * width_ + x);
    for (std::size_t i = 0; i < 3; ++i)
      at[i] = static_cast<std::uint8_t>(std::lround(at[i] + opacity * (colour[i] - at[i])));
  }

  void blend(const draw::Mark& mark) {
    for (auto y = mark.box.y0; y < mark.box.y1; ++y) mark.blend(rgb_.data() + 3 * width_ * y, 3, y);
  }

  const Projection& projection_;
  std::int64_t width_, height_;
  std::vector<std::uint8_t> rgb_;
};

std::vector<std::string> words(const SurveyCoverage& coverage, const std::string& name) {
  const auto bands = coverage.bands.size();
  std::vector<std::string> out{name + ": " + short_text(coverage.sky.held.area()) +
                               " square degrees in " + std::to_string(bands) +
                               (bands == 1 ? " band" : " bands, the brighter the more")};
  std::string line;
  for (std::size_t i = 0; i < std::min(bands, kMostBandsInWords); ++i)
    line += (line.empty() ? "" : "   ") + coverage.bands[i].band + " " +
            short_text(coverage.bands[i].sky.held.area());
  out.push_back(line + (bands > kMostBandsInWords ? "   …" : ""));
  return out;
}

}  // namespace

Result<std::string> coverage_picture(const SurveyCoverage& coverage, const std::string& name) {
  const auto font = draw::Font::open(draw::kFontFile, kLetters);
  if (!font) return fail(font.error());
  const auto extent = extent_of(coverage.sky.touched);
  const bool behind = extent.centre[0] < 0;  // nearer to RA 180 than to 0
  const auto projection = extent.radius > kLargestPart
                              ? Projection::whole(behind ? 180 : 0, kWholeWidth)
                              : Projection::part(extent, kPartSide);
  const auto lines = words(coverage, name);
  const auto height = font->ascent() + font->descent() + 4;
  Picture picture(projection, height * static_cast<std::int64_t>(lines.size()) + 8);
  picture.show(coverage);
  picture.draw(make_grid(projection, *font, kHalo));
  auto baseline = projection.height() + 4 + font->ascent();
  for (const auto& line : lines) {
    picture.write(*font, line, baseline);
    baseline += height;
  }
  return picture.png(name);
}

}  // namespace recorte::coverage
