// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/picture.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/cutout/interleave.hpp"
#include "core/cutout/marks.hpp"
#include "core/cutout/outside.hpp"
#include "core/cutout/part_header.hpp"
#include "core/cutout/strips.hpp"
#include "core/cutout/typed.hpp"
#include "core/encode/jpeg_writer.hpp"
#include "core/encode/png_writer.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>

namespace recorte::cutout {
namespace {

using Rows = std::function<Status(const std::uint8_t* row)>;

/// Gives every row from the top, `channels` samples a pixel, marks drawn. FITS rows run upward, a
/// picture's downward: strips and rows from the top.
Status each_row(AlgorithmRun& run, const Outline& o, const CutoutRequest& request, int channels,
                const Watch& watch, const Rows& use) {
  auto outside = Outside::make(run, o, request);
  if (!outside) return fail(std::move(outside).error());
  auto marks = marks_on(run, o, request);
  if (!marks) return fail(std::move(marks).error());
  const auto step = strip_rows(o);
  std::vector<std::uint8_t> row(static_cast<std::size_t>(o.rect.width * channels));
  for (std::int64_t top = o.rect.height; top > 0; top -= std::min(step, top)) {
    if (watch.cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    const auto rows = std::min(step, top);
    const auto bottom = o.rect.y + top - rows;
    auto strip = run.run(0, {o.rect.x, bottom, o.rect.width, rows});
    if (!strip) return fail(std::move(strip).error());
    outside->blank(**strip, bottom);
    for (auto y = rows - 1; y >= 0; --y) {
      if (y % 256 == 0 && watch.cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
      interleave(**strip, y, channels, row.data());
      if (*marks) (*marks)->blend(row.data(), channels, o.rect.height - (top - rows + y) - 1);
      RECORTE_TRY(use(row.data()));
    }
  }
  return {};
}

std::string comment_of(const std::vector<std::pair<std::string, std::string>>& text) {
  std::string out;
  for (const auto& [key, value] : text) out.append(key).append(": ").append(value).append("\n");
  return out;
}

}  // namespace

Status write_picture(AlgorithmRun& run, const std::vector<Outline>& outlines,
                     const CutoutRequest& request, const Provenance& provenance, const Watch& watch,
                     ProductSink& sink, Outcome& outcome) {
  const auto& o = outlines.front();
  if (outlines.size() != 1 || o.bitpix != 8 || o.planes < 1 || o.planes > 4)
    return fail(ErrorCode::kUsage, "the algorithm " + provenance.algorithm +
                                       " makes no single picture; ask for format=fits");
  auto wcs = grid_header(run, o);
  if (!wcs) return fail(std::move(wcs).error());
  const auto text = picture_text(provenance, outcome.images, *wcs);
  if (::lseek(sink.fd, outcome.offset, SEEK_SET) < 0)
    return fail(os_error("cannot write the picture"));
  const auto write = [&](auto&& writer, int channels) -> Status {
    RECORTE_TRY(each_row(run, o, request, channels, watch,
                         [&](const std::uint8_t* row) { return sink.written(writer.row(row)); }));
    RECORTE_TRY(sink.written(writer.end()));
    outcome.bytes = writer.size();
    return {};
  };
  const auto [width, height] = std::pair(o.rect.width, o.rect.height);
  if (request.format == Format::kJpeg) {
    const int channels = o.planes < 3 ? 1 : 3;
    return write(
        encode::JpegWriter(sink.fd, width, height, channels, request.quality, comment_of(text)),
        channels);
  }
  const int channels = static_cast<int>(o.planes);
  return write(encode::PngWriter(sink.fd, width, height, channels, text), channels);
}

}  // namespace recorte::cutout
