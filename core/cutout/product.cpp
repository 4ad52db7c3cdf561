// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/product.hpp"

#include "core/cutout/blank.hpp"
#include "core/cutout/outside.hpp"
#include "core/cutout/part_header.hpp"
#include "core/cutout/strips.hpp"
#include "core/encode/fits_writer.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>

namespace recorte::cutout {
namespace {

/// A colour picture's transparency is for screens.
std::int64_t planes_written(const Outline& o) {
  const bool alpha = o.colour && (o.planes == 2 || o.planes == 4);
  return alpha ? o.planes - 1 : o.planes;
}

/// How much of a part's first plane is NaN or BLANK.
class MaskedCount {
 public:
  MaskedCount(const Outline& o, std::optional<std::int64_t> blank)
      : pixels_(o.rect.width * o.rect.height), blank_(blank), looks_(o.bitpix < 0 || blank) {}
  void add(const recorte_image& strip) {
    if (looks_) masked_ += count_blank(strip, blank_.value_or(0));
  }
  double fraction() const { return static_cast<double>(masked_) / static_cast<double>(pixels_); }

 private:
  std::int64_t pixels_, masked_ = 0;
  std::optional<std::int64_t> blank_;
  bool looks_;
};

Status write_pixels(AlgorithmRun& run, std::size_t output, const Outline& o,
                    const CutoutRequest& request, const Watch& watch, encode::FitsWriter& writer,
                    ProductSink& sink, MaskedCount* masked) {
  auto outside = Outside::make(run, o, request);
  if (!outside) return fail(std::move(outside).error());
  const auto step = strip_rows(o);
  for (std::int64_t y = 0; y < o.rect.height; y += step) {
    if (watch.cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    const auto rows = std::min(step, o.rect.height - y);
    auto strip = run.run(output, {o.rect.x, o.rect.y + y, o.rect.width, rows});
    if (!strip) return fail(std::move(strip).error());
    outside->blank(**strip, o.rect.y + y);
    if (masked) masked->add(**strip);
    for (std::int64_t p = 0; p < planes_written(o); ++p)
      RECORTE_TRY(sink.written(writer.rows(
          p, y, rows, static_cast<std::byte*>((*strip)->pixels) + p * (*strip)->plane_bytes,
          (*strip)->row_bytes)));
  }
  return {};
}

}  // namespace

Status write_fits(AlgorithmRun& run, const std::vector<Outline>& outlines,
                  const CutoutRequest& request, const Provenance& provenance, const Watch& watch,
                  ProductSink& sink, Outcome& outcome) {
  encode::FitsWriter writer(sink.fd, outcome.offset);
  const auto names = names_of(run, outlines);
  if (outlines.size() > 1) {
    fits::Header primary;
    describe_product(primary, provenance);
    RECORTE_TRY(sink.written(writer.begin(primary, 8, {})));
    RECORTE_TRY(sink.written(writer.end()));
  }
  std::map<std::string, int> versions;
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    auto header = part_header(run, outlines[i], request, names[i]);
    if (!header) return fail(std::move(header).error());
    if (outlines.size() == 1) describe_product(*header, provenance);
    if (outlines.size() > 1) {
      header->erase("EXTVER");
      if (const int version = ++versions[names[i]]; version > 1)
        header->set_integer("EXTVER", version);
    }
    auto written = outlines[i];
    written.planes = planes_written(written);
    auto axes = axes_of(run, written);
    if (!axes) return fail(std::move(axes).error());
    RECORTE_TRY(sink.written(writer.begin(*header, outlines[i].bitpix, *axes)));
    const bool count = sink.count_masked && i == 0 && !outlines[i].colour;
    MaskedCount masked(outlines[i], header->integer("BLANK"));
    RECORTE_TRY(
        write_pixels(run, i, outlines[i], request, watch, writer, sink, count ? &masked : nullptr));
    if (count) outcome.masked_fraction = masked.fraction();
    RECORTE_TRY(sink.written(writer.end()));
  }
  outcome.bytes = writer.size();
  return {};
}

}  // namespace recorte::cutout
