// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/product.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/cutout/inherited.hpp"
#include "core/cutout/wcs_cards.hpp"
#include "core/encode/fits_writer.hpp"
#include "core/encode/png_writer.hpp"
#include "core/fits/cutout_header.hpp"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>

namespace recorte::cutout {
namespace {

/// A strip of a product is at most this large, so that what is held does not grow with the product.
constexpr std::int64_t kStripBytes = 32 << 20;

std::int64_t strip_rows(const Outline& o) {
  const auto row = o.rect.width * o.planes * fits::bytes_of(o.bitpix);
  return std::clamp<std::int64_t>(kStripBytes / std::max<std::int64_t>(row, 1), 1, o.rect.height);
}

/// EXTNAME of each part: the algorithm's name for it, else the band where there are several bands,
/// else the parent's EXTNAME where those tell the parts apart, else the plane. Repeated ones are
/// told apart by EXTVER.
std::vector<std::string> names_of(AlgorithmRun& run, const std::vector<Outline>& outlines) {
  std::set<std::string> bands;
  std::vector<std::string> parents;
  for (const auto& o : outlines) {
    bands.insert(o.band);
    auto plane = run.plane(o.input, o.role);
    parents.push_back(plane ? (*plane)->info.hdu.name : "");
  }
  const bool distinct =
      std::set<std::string>(parents.begin(), parents.end()).size() == outlines.size() &&
      std::find(parents.begin(), parents.end(), "") == parents.end();
  std::vector<std::string> out;
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    const auto& o = outlines[i];
    const auto plane = std::string(kPlaneNames[static_cast<std::size_t>(o.role)]);
    const bool image = o.role == RECORTE_IMAGE;
    if (!o.name.empty()) {
      out.push_back(o.name);
    } else if (outlines.size() == 1) {
      out.push_back(parents[i].empty() ? o.band : parents[i]);
    } else if (bands.size() > 1 || (image && !distinct)) {
      out.push_back(image ? o.band : o.band + "_" + plane);
    } else {
      out.push_back(distinct ? parents[i] : upper(plane));
    }
  }
  return out;
}

/// The header of one part, and what it lacks against its parent's made good.
Result<fits::Header> part_header(AlgorithmRun& run, const Outline& o, const std::string& name) {
  auto opened = run.plane(o.input, o.role);
  if (!opened) return fail(std::move(opened).error());
  const auto& plane = **opened;
  const auto& located = run.location().images[o.input];
  auto header = fits::cutout_header(plane.info.header, o.rect);
  if (plane.info.hdu.number > 0 && plane.file->hdus().front().axes.empty())
    if (const auto primary = plane.file->header(0)) header = inherited(header, *primary);
  const bool stored = o.bitpix == plane.info.hdu.bitpix && !o.colour && !o.blank;
  if (!stored) {
    if (o.blank || o.colour) header = wcs_cards(header);
    for (const auto* scaling : {"BSCALE", "BZERO", "BLANK"}) header.erase(scaling);
  } else if (o.bitpix > 0 && !plane.info.blank &&
             sky::intersection(o.rect, {0, 0, plane.info.width, plane.info.height}).area() !=
                 o.rect.area()) {
    auto blank = run.blank_of(o.input, o.role, o.rect);
    if (!blank) return fail(std::move(blank).error());
    header.set_integer("BLANK", *blank, "outside the image");
  }
  if (!name.empty()) header.set_text("EXTNAME", name);
  if (o.role == RECORTE_IMAGE && !located.source.unit.empty() && !header.has("BUNIT") && !o.colour)
    header.set_text("BUNIT", located.source.unit);
  for (const auto& [key, value] : o.cards) {
    if (const auto number = to_double(value)) {
      header.set_number(key, *number);
    } else {
      header.set_text(key, value);
    }
  }
  const auto* source = located.source.plane(o.role);
  describe_part(header, o, located, plane.info.hdu.number, source ? source->path : "");
  return header;
}

std::vector<std::int64_t> axes_of(AlgorithmRun& run, const Outline& o) {
  std::vector<std::int64_t> axes{o.rect.width, o.rect.height};
  const auto plane = run.plane(o.input, o.role);
  if (plane && !o.colour && o.planes == (*plane)->info.planes) {
    const auto& parent = (*plane)->info.hdu.axes;
    axes.insert(axes.end(), parent.begin() + 2, parent.end());
  } else if (o.planes > 1) {
    axes.push_back(o.planes);
  }
  return axes;
}

Status write_pixels(AlgorithmRun& run, std::size_t output, const Outline& o, const Watch& watch,
                    encode::FitsWriter& writer) {
  const auto step = strip_rows(o);
  for (std::int64_t y = 0; y < o.rect.height; y += step) {
    if (watch.cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    const auto rows = std::min(step, o.rect.height - y);
    auto strip = run.run(output, {o.rect.x, o.rect.y + y, o.rect.width, rows});
    if (!strip) return fail(std::move(strip).error());
    for (std::int64_t p = 0; p < o.planes; ++p)
      RECORTE_TRY(writer.rows(p, y, rows,
                              static_cast<std::byte*>((*strip)->pixels) + p * (*strip)->plane_bytes,
                              (*strip)->row_bytes));
  }
  return {};
}

}  // namespace

Status write_fits(AlgorithmRun& run, const std::vector<Outline>& outlines,
                  const Provenance& provenance, const Watch& watch, int sink, Outcome& outcome) {
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
    auto header = part_header(run, outlines[i], names[i]);
    if (!header) return fail(std::move(header).error());
    if (outlines.size() == 1) describe_product(*header, provenance);
    if (outlines.size() > 1) {
      header->erase("EXTVER");
      if (const int version = ++versions[names[i]]; version > 1)
        header->set_integer("EXTVER", version);
    }
    RECORTE_TRY(writer.begin(*header, outlines[i].bitpix, axes_of(run, outlines[i])));
    RECORTE_TRY(write_pixels(run, i, outlines[i], watch, writer));
    RECORTE_TRY(writer.end());
  }
  outcome.bytes = writer.size();
  return {};
}

Status write_png(AlgorithmRun& run, const std::vector<Outline>& outlines,
                 const Provenance& provenance, const Watch& watch, int sink, Outcome& outcome) {
  const auto& o = outlines.front();
  if (outlines.size() != 1 || o.bitpix != 8 || (o.planes != 1 && o.planes != 3 && o.planes != 4))
    return fail(ErrorCode::kUsage, "the algorithm " + provenance.algorithm +
                                       " makes no single picture; ask for format=fits");
  auto plane = run.plane(o.input, o.role);
  if (!plane) return fail(std::move(plane).error());
  const auto wcs = wcs_cards(fits::cutout_header((*plane)->info.header, o.rect));
  if (::lseek(sink, outcome.offset, SEEK_SET) < 0)
    return fail(os_error("cannot write the picture"));
  encode::PngWriter writer(sink, o.rect.width, o.rect.height, static_cast<int>(o.planes),
                           png_text(provenance, outcome.images, wcs));
  const auto step = strip_rows(o);
  std::vector<std::uint8_t> row(static_cast<std::size_t>(o.rect.width * o.planes));
  // FITS rows run upward, a picture's downward: strips and rows from the top.
  for (std::int64_t top = o.rect.height; top > 0; top -= std::min(step, top)) {
    if (watch.cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    const auto rows = std::min(step, top);
    auto strip = run.run(0, {o.rect.x, o.rect.y + top - rows, o.rect.width, rows});
    if (!strip) return fail(std::move(strip).error());
    for (auto y = rows - 1; y >= 0; --y) {
      for (std::int64_t p = 0; p < o.planes; ++p) {
        const auto* samples = static_cast<const std::uint8_t*>((*strip)->pixels) +
                              p * (*strip)->plane_bytes + y * (*strip)->row_bytes;
        for (std::int64_t x = 0; x < o.rect.width; ++x)
          row[static_cast<std::size_t>(x * o.planes + p)] = samples[x];
      }
      RECORTE_TRY(writer.row(row.data()));
    }
  }
  RECORTE_TRY(writer.end());
  outcome.bytes = writer.size();
  return {};
}

}  // namespace recorte::cutout
