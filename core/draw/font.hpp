/// Words on a canvas (FreeType), in one font at one size. Letters stand at whole pixels, hinted
/// along y, as small sizes need.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/draw/canvas.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace recorte::draw {

/// DejaVu Sans, where the Debian package fonts-dejavu-core puts it.
inline constexpr const char* kFontFile = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

class Font {
 public:
  /// kUnavailable where the file cannot be read.
  static Result<Font> open(const std::string& file, int size /* pixels */);
  Font(Font&&) noexcept;
  Font& operator=(Font&&) noexcept;
  ~Font();

  int size() const;
  int ascent() const;   ///< pixels above the baseline
  int descent() const;  ///< pixels below it
  /// Pixels from one letter to the next. Control characters are blanks.
  int advance(char32_t character) const;
  int width(std::u32string_view text) const;
  /// The first letter begins at x; the letters stand on y.
  void draw(Canvas& canvas, std::u32string_view text, std::int64_t x, std::int64_t y) const;

 private:
  struct Impl;
  explicit Font(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace recorte::draw
