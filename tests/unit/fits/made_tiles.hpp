/// Tile-compressed images of every shape of tile (make_tiles.py), made once a process, and
/// rectangles of them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/file.hpp"
#include "fixtures.hpp"
#include "tests/unit/tree.hpp"

#include <random>
#include <string>
#include <vector>

namespace recorte::test {

class MadeTiles : public testing::Test {
 protected:
  /// The directory of them. Only where there is astropy.
  static const fs::path& made() {
    static const TempDir directory;
    static const auto path = directory / "tiles";
    static const int failed =
        run_python(recorte::test::source_tree() / "tests/unit/fits/make_tiles.py", path.string());
    EXPECT_EQ(failed, 0);
    return path;
  }

  static std::vector<fs::path> made_files() {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(made())) out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
  }

  static sky::PixelRect any_rect(std::mt19937& random, const fits::ImageInfo& image) {
    const auto any = [&](std::int64_t low, std::int64_t high) {
      return std::uniform_int_distribution<std::int64_t>(low, high)(random);
    };
    sky::PixelRect rect{any(0, image.width - 1), any(0, image.height - 1), 0, 0};
    const auto most = random() % 3 == 0 ? 1000 : 60;
    rect.width = any(1, std::min<std::int64_t>(most, image.width - rect.x));
    rect.height = any(1, std::min<std::int64_t>(most, image.height - rect.y));
    return rect;
  }

  /// A rectangle with seven bytes of 0x55 after each row.
  static Result<std::string> read(const fits::File& file, const fits::ImageInfo& image,
                                  std::int64_t plane, const sky::PixelRect& rect) {
    const auto row = rect.width * fits::bytes_of(image.hdu.bitpix) + 7;
    std::string out(static_cast<std::size_t>(row * rect.height), '\x55');
    RECORTE_TRY(file.read(image, plane, rect, 0, out.data(), row));
    return out;
  }

  /// The same out of a plane that was read whole.
  static std::string part_of(const std::string& whole, const fits::ImageInfo& image,
                             const sky::PixelRect& rect) {
    const auto size = static_cast<std::size_t>(fits::bytes_of(image.hdu.bitpix));
    const auto row = static_cast<std::size_t>(image.width) * size + 7;
    std::string out;
    for (std::int64_t y = rect.y; y < rect.y + rect.height; ++y)
      out +=
          whole.substr(static_cast<std::size_t>(y) * row + static_cast<std::size_t>(rect.x) * size,
                       static_cast<std::size_t>(rect.width) * size) +
          std::string(7, '\x55');
    return out;
  }

  TempDir directory_;
};

}  // namespace recorte::test
