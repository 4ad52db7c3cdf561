// SPDX-License-Identifier: BSD-3-Clause
#include "../planes/products.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace {

using recorte::Error;
using recorte::Image;
using recorte::Job;
using recorte::view;

/// A rectangle of the target grid in an input's own numbers.
recorte_rect own(const recorte_input& input, recorte_rect rect) {
  rect.x -= input.shift_x;
  rect.y -= input.shift_y;
  return rect;
}

recorte_rect on_image(const recorte_input& input, const recorte_rect& r) {
  const auto x = std::max<std::int64_t>(r.x, 0);
  const auto y = std::max<std::int64_t>(r.y, 0);
  return {x, y, std::min(r.x + r.width, input.width) - x,
          std::min(r.y + r.height, input.height) - y};
}
bool empty(const recorte_rect& r) { return r.width <= 0 || r.height <= 0; }

/// What an image has at a pixel: nothing, a pixel without a value (NaN, BLANK), or a value.
enum class Have : std::uint8_t { kNothing, kPixel, kValue };

/// Images on one grid, none resampled: each pixel is that of the first image, in the order of
/// preference, whose image plane has a value there, or else a pixel; so are its weight, variance
/// and mask.
class Stitch : public recorte::Algorithm {
 public:
  explicit Stitch(const recorte::Config&) {}

  void outline(const Job& job) override {
    for (const auto& input : job.inputs())
      if (!input.aligned)
        throw Error(RECORTE_INVALID,
                    "the image " + std::string(view(input.source->id)) +
                        " is not on the pixel grid of the others; ask for algorithm=mosaic");
    for (const auto& product : planes::on_target(job)) job.declare(product);
  }

  void run(const Job& job) override {
    const auto product = planes::on_target(job).at(job.output());
    const auto& window = job.window();
    job.call().checkpoint();
    if (product.blank) return planes::emit_nothing(job);
    auto out = job.read(product.input, product.role,
                        own(job.inputs()[product.input], window));  // BLANK where it ends
    auto have = what_it_has(job, product.input, window);
    for (std::uint32_t i = product.input + 1; i < job.inputs().size(); ++i)
      if (view(job.inputs()[i].source->band) == product.band) add(job, i, product.role, out, have);
    job.emit(out);
  }

 private:
  /// By the image plane, for every pixel of the window.
  static std::vector<Have> what_it_has(const Job& job, std::uint32_t input,
                                       const recorte_rect& window) {
    std::vector<Have> out(static_cast<std::size_t>(window.width * window.height), Have::kNothing);
    const auto& in = job.inputs()[input];
    const auto whole = own(in, window);
    const auto part = on_image(in, whole);
    if (!in.aligned || empty(part)) return out;
    auto pixels = job.read(input, RECORTE_IMAGE, part, RECORTE_F32);
    for (std::int64_t y = 0; y < part.height; ++y) {
      const auto row = pixels.row<float>(y);
      const auto at = (part.y - whole.y + y) * window.width + part.x - whole.x;
      for (std::int64_t x = 0; x < part.width; ++x)
        out[static_cast<std::size_t>(at + x)] =
            std::isnan(row[static_cast<std::size_t>(x)]) ? Have::kPixel : Have::kValue;
    }
    return out;
  }

  /// Copies the pixels of an input that are more than those before had.
  static void add(const Job& job, std::uint32_t input, recorte_role role, Image& out,
                  std::vector<Have>& have) {
    const auto& in = job.inputs()[input];
    const auto& window = job.window();
    const auto whole = own(in, window);
    const auto part = on_image(in, whole);
    const bool complete = std::ranges::all_of(have, [](Have h) { return h == Have::kValue; });
    if (!in.aligned || empty(part) || complete) return;
    job.call().checkpoint();
    const auto there = what_it_has(job, input, window);
    auto pixels = job.read(input, role, part);
    if (pixels.bitpix() != out.bitpix())
      throw Error(RECORTE_INVALID, "the planes of " + std::string(view(in.source->id)) +
                                       " are stored in another type; ask for algorithm=mosaic");
    const auto bytes = static_cast<std::size_t>(std::abs(out.bitpix()) / 8);
    for (std::int64_t y = 0; y < part.height; ++y) {
      const auto from = pixels.row<std::byte>(y).data();
      const auto to = out.row<std::byte>(part.y - whole.y + y).data();
      for (std::int64_t x = 0; x < part.width; ++x) {
        const auto column = part.x - whole.x + x;
        const auto at = static_cast<std::size_t>((part.y - whole.y + y) * window.width + column);
        if (there[at] <= have[at]) continue;
        std::memcpy(to + static_cast<std::size_t>(column) * bytes,
                    from + static_cast<std::size_t>(x) * bytes, bytes);
        have[at] = there[at];
      }
    }
  }
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Stitch>)
