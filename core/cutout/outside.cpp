// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/outside.hpp"

#include "core/cutout/blank.hpp"

namespace recorte::cutout {

Result<Outside> Outside::make(AlgorithmRun& run, const Outline& outline,
                              const CutoutRequest& request) {
  Outside out;
  // Nothing of a stamp lies outside it.
  const bool stamp = std::holds_alternative<sky::Box>(request.stencil);
  if (!request.blank_outside || stamp || wants_whole_image(request)) return out;
  auto rows = sky::StencilRows::make(request.stencil, run.wcs_of(outline), outline.rect);
  if (rows.whole()) return out;
  out.rows_ = std::move(rows);
  out.x_ = outline.rect.x;
  if (outline.bitpix > 0 && !outline.colour) {
    auto blank = run.blank_of(outline.input, outline.role, outline.rect);
    if (!blank) return fail(std::move(blank).error());
    out.blank_ = *blank;
  }
  return out;
}

void Outside::blank(recorte_image& strip, std::int64_t y) const {
  if (!rows_) return;
  for (std::int64_t j = 0; j < strip.height; ++j) {
    std::int64_t done = 0;
    for (const auto& span : rows_->row(y + j)) {
      fill_blank(strip, blank_, j, done, span.begin - x_);
      done = span.end - x_;
    }
    fill_blank(strip, blank_, j, done, strip.width);
  }
}

}  // namespace recorte::cutout
