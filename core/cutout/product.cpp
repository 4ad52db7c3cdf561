// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/product.hpp"

#include "core/cutout/outside.hpp"
#include "core/cutout/part_header.hpp"
#include "core/cutout/strips.hpp"
#include "core/encode/fits_writer.hpp"

#include <algorithm>
#include <map>

namespace recorte::cutout {
namespace {

/// A colour picture's transparency is for screens.
std::int64_t planes_written(const Outline& o) {
  const bool alpha = o.colour && (o.planes == 2 || o.planes == 4);
  return alpha ? o.planes - 1 : o.planes;
}

Status write_pixels(AlgorithmRun& run, std::size_t output, const Outline& o,
                    const CutoutRequest& request, const Watch& watch, encode::FitsWriter& writer) {
  auto outside = Outside::make(run, o, request);
  if (!outside) return fail(std::move(outside).error());
  const auto step = strip_rows(o);
  for (std::int64_t y = 0; y < o.rect.height; y += step) {
    if (watch.cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    const auto rows = std::min(step, o.rect.height - y);
    auto strip = run.run(output, {o.rect.x, o.rect.y + y, o.rect.width, rows});
    if (!strip) return fail(std::move(strip).error());
    outside->blank(**strip, o.rect.y + y);
    for (std::int64_t p = 0; p < planes_written(o); ++p)
      RECORTE_TRY(writer.rows(p, y, rows,
                              static_cast<std::byte*>((*strip)->pixels) + p * (*strip)->plane_bytes,
                              (*strip)->row_bytes));
  }
  return {};
}

}  // namespace

Status write_fits(AlgorithmRun& run, const std::vector<Outline>& outlines,
                  const CutoutRequest& request, const Provenance& provenance, const Watch& watch,
                  int sink, Outcome& outcome) {
  encode::FitsWriter writer(sink, outcome.offset);
  const auto names = names_of(run, outlines);
  if (outlines.size() > 1) {
    fits::Header primary;
    describe_product(primary, provenance);
    RECORTE_TRY(writer.begin(primary, 8, {}));
    RECORTE_TRY(writer.end());
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
    RECORTE_TRY(writer.begin(*header, outlines[i].bitpix, *axes));
    RECORTE_TRY(write_pixels(run, i, outlines[i], request, watch, writer));
    RECORTE_TRY(writer.end());
  }
  outcome.bytes = writer.size();
  return {};
}

}  // namespace recorte::cutout
