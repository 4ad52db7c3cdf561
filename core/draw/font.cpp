// SPDX-License-Identifier: BSD-3-Clause
#include "core/draw/font.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <utility>

namespace recorte::draw {
namespace {

constexpr FT_Int32 kLoad = FT_LOAD_TARGET_LIGHT;

// FreeType's lengths are 64ths of a pixel.
int pixels(FT_Pos length) { return static_cast<int>((length + 32) >> 6); }

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

}  // namespace

struct Font::Impl {
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  int size = 0;

  ~Impl() {
    FT_Done_Face(face);
    FT_Done_FreeType(library);
  }
  // Where the font lacks the character, its sign for that. Null where the font is broken.
  FT_GlyphSlot load(char32_t c, FT_Int32 flags) const {
    const auto failed = FT_Load_Char(face, is_control(c) ? U' ' : c, flags);
    return failed ? nullptr : face->glyph;
  }
};

Font::Font(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Font::Font(Font&&) noexcept = default;
Font& Font::operator=(Font&&) noexcept = default;
Font::~Font() = default;

Result<Font> Font::open(const std::string& file, int size) {
  auto impl = std::make_unique<Impl>();
  impl->size = size;
  if (FT_Init_FreeType(&impl->library))
    return fail(ErrorCode::kUnavailable, "cannot write on pictures: FreeType does not start");
  if (FT_New_Face(impl->library, file.c_str(), 0, &impl->face) ||
      FT_Set_Pixel_Sizes(impl->face, 0, static_cast<FT_UInt>(size)))
    return fail(ErrorCode::kUnavailable,
                "cannot read the font " + file + ": install the Debian package fonts-dejavu-core");
  return Font(std::move(impl));
}

int Font::size() const { return impl_->size; }
int Font::ascent() const { return pixels(impl_->face->size->metrics.ascender); }
int Font::descent() const { return pixels(-impl_->face->size->metrics.descender); }

int Font::advance(char32_t character) const {
  const auto* glyph = impl_->load(character, kLoad);
  return glyph == nullptr ? 0 : pixels(glyph->advance.x);
}

int Font::width(std::u32string_view text) const {
  int sum = 0;
  for (const auto c : text) sum += advance(c);
  return sum;
}

void Font::draw(Canvas& canvas, std::u32string_view text, std::int64_t x, std::int64_t y) const {
  for (const auto c : text) {
    const auto* glyph = impl_->load(c, kLoad | FT_LOAD_RENDER);
    if (glyph == nullptr || glyph->bitmap.pixel_mode != FT_PIXEL_MODE_GRAY) continue;
    const auto& bitmap = glyph->bitmap;
    const auto* line = bitmap.buffer;
    for (std::int64_t row = 0; row < bitmap.rows; ++row, line += bitmap.pitch)
      for (std::int64_t column = 0; column < bitmap.width; ++column)
        canvas.ink(x + glyph->bitmap_left + column, y - glyph->bitmap_top + row, line[column]);
    x += pixels(glyph->advance.x);
  }
}

}  // namespace recorte::draw
