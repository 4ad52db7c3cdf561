// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/manifest_columns.hpp"

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/sky/vector.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace recorte::batch {
namespace {

constexpr std::size_t kBeforeTheLists = 2;  // row, id
constexpr double kArcsecond = 1.0 / 3600;

std::string real(double value) { return std::isfinite(value) ? number_text(value) : ""; }
/// Of a product that was made.
std::string whole(const Record& r, std::int64_t value) {
  return r.made() ? std::to_string(value) : "";
}
std::string measured(const Record& r, double value) { return r.made() ? real(value) : ""; }

std::optional<sky::Position> centre(const Record& r) {
  if (!r.request || cutout::wants_whole_image(*r.request)) return {};
  if (const auto* box = std::get_if<sky::Box>(&r.request->stencil)) return box->centre;
  if (const auto* circle = std::get_if<sky::Circle>(&r.request->stencil)) return circle->centre;
  auto found = sky::to_position(sky::bounding_cap(r.request->stencil, 0).centre);
  // Rounded to a ten-millionth of an arcsecond, which is more than it is worth.
  const auto rounded = [](double degrees) {
    return std::round(degrees / kArcsecond * 1e7) / 1e7 * kArcsecond;
  };
  return sky::Position{rounded(found.ra), rounded(found.dec)};
}

/// "tiles 0.1.0" as name and version.
std::pair<std::string, std::string> plugin(const std::string& text) {
  const auto blank = text.rfind(' ');
  if (blank == text.npos) return {text, ""};
  return {text.substr(0, blank), text.substr(blank + 1)};
}

std::string hexadecimal(const std::array<std::byte, 32>& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto byte : bytes) {
    out += digits[std::to_integer<unsigned>(byte) >> 4];
    out += digits[std::to_integer<unsigned>(byte) & 15];
  }
  return out;
}

constexpr std::array kTable{
    ManifestColumn{"row", "", "meta.record",
                   "The row of the list, or the number of the region, from 1.", ValueKind::kWhole,
                   0, [](const Record& r) { return std::to_string(r.planned.row); }},
    ManifestColumn{"id", "", "meta.id;meta.main",
                   "The user's id, as sent; several rows may share it.", ValueKind::kText, 0,
                   [](const Record& r) { return r.planned.id; }},
    ManifestColumn{"ra", "deg", "pos.eq.ra;meta.main",
                   "Right ascension of the region's centre, ICRS.", ValueKind::kReal, 0,
                   [](const Record& r) {
                     const auto at = centre(r);
                     return at ? real(at->ra) : "";
                   }},
    ManifestColumn{"dec", "deg", "pos.eq.dec;meta.main", "Declination of it.", ValueKind::kReal, 0,
                   [](const Record& r) {
                     const auto at = centre(r);
                     return at ? real(at->dec) : "";
                   }},
    ManifestColumn{"survey", "", "meta.dataset", "The survey.", ValueKind::kWord, 0,
                   [](const Record& r) { return r.request ? r.request->survey : ""; }},
    ManifestColumn{"release", "", "meta.version",
                   "Its release; until the product is made, the one that was asked for.",
                   ValueKind::kWord, 0,
                   [](const Record& r) {
                     if (!r.outcome.release.empty()) return r.outcome.release;
                     return r.request ? r.request->release : std::string();
                   }},
    ManifestColumn{"bands", "", "instr.bandpass",
                   "Bands that have pixels; until the product is made, those that were asked for.",
                   ValueKind::kWord, ',',
                   [](const Record& r) {
                     if (r.made()) return join(r.outcome.bands, ",");
                     return r.request ? join(r.request->bands, ",") : std::string();
                   }},
    ManifestColumn{
        "format", "", "meta.code.mime", "fits, png or jpeg.", ValueKind::kWord, 0,
        [](const Record& r) {
          return r.request ? std::string(
                                 cutout::kFormatNames[static_cast<std::size_t>(r.request->format)])
                           : std::string();
        }},
    ManifestColumn{"status", "", "meta.code.status",
                   "ok; partial: made, with pixels that no image has; no_coverage: no image covers "
                   "the region; failed; waiting: not made yet.",
                   ValueKind::kWord, 0,
                   [](const Record& r) {
                     return std::string(
                         r.slot ? kItemStatusNames[static_cast<std::size_t>(r.slot->status)]
                                : "waiting");
                   }},
    ManifestColumn{
        "error", "", "meta.note", "Why there is no product.", ValueKind::kText, 0,
        [](const Record& r) { return r.outcome.error ? r.outcome.error->message : std::string(); }},
    ManifestColumn{"warnings", "", "meta.note", "What is to be known of the product.",
                   ValueKind::kText, 0,
                   [](const Record& r) { return join(r.outcome.warnings, "; "); }},
    ManifestColumn{"file", "", "meta.id;meta.file", "Name of the product's file, in archives too.",
                   ValueKind::kWord, 0,
                   [](const Record& r) { return r.made() ? r.planned.name : std::string(); }},
    ManifestColumn{"bytes", "byte", "phys.size;meta.file", "Its size.", ValueKind::kWhole, 0,
                   [](const Record& r) { return r.made() ? std::to_string(r.slot->bytes) : ""; }},
    ManifestColumn{"sha256", "", "meta.code", "SHA-256 of it, hexadecimal.", ValueKind::kWord, 0,
                   [](const Record& r) { return r.made() ? hexadecimal(r.slot->sha256) : ""; }},
    ManifestColumn{"width", "pixel", "phys.size;instr.det", "Pixels across, of the first plane.",
                   ValueKind::kWhole, 0, [](const Record& r) { return whole(r, r.outcome.width); }},
    ManifestColumn{"height", "pixel", "phys.size;instr.det", "Pixels up.", ValueKind::kWhole, 0,
                   [](const Record& r) { return whole(r, r.outcome.height); }},
    ManifestColumn{"pixel_scale", "deg", "instr.scale", "Size of a pixel of the first plane.",
                   ValueKind::kReal, 0,
                   [](const Record& r) { return measured(r, r.outcome.pixel_scale); }},
    ManifestColumn{"target_x", "pixel", "pos.cartesian.x;instr.det",
                   "Where ra, dec lies in the first plane; 1 is the centre of the first pixel.",
                   ValueKind::kReal, 0,
                   [](const Record& r) { return measured(r, r.outcome.target_x); }},
    ManifestColumn{"target_y", "pixel", "pos.cartesian.y;instr.det", "The same, up.",
                   ValueKind::kReal, 0,
                   [](const Record& r) { return measured(r, r.outcome.target_y); }},
    ManifestColumn{"coverage", "", "obs.param", "Fraction of the region that images cover, 0 to 1.",
                   ValueKind::kReal, 0,
                   [](const Record& r) {
                     if (r.slot && r.slot->status == ItemStatus::kNoCoverage)
                       return std::string("0");
                     return measured(r, r.outcome.coverage);
                   }},
    ManifestColumn{"masked_fraction", "", "obs.param",
                   "Fraction of the product's pixels without a value, 0 to 1.", ValueKind::kReal, 0,
                   [](const Record& r) { return measured(r, r.outcome.masked_fraction); }},
    ManifestColumn{"mjd_min", "d", "time.start;obs.exposure",
                   "Beginning of the first exposure, MJD, UTC.", ValueKind::kReal, 0,
                   [](const Record& r) { return measured(r, r.outcome.mjd_min); }},
    ManifestColumn{"mjd_max", "d", "time.end;obs.exposure", "End of the last exposure, MJD, UTC.",
                   ValueKind::kReal, 0,
                   [](const Record& r) { return measured(r, r.outcome.mjd_max); }},
    ManifestColumn{"exposure", "s", "time.duration;obs.exposure",
                   "Exposure of the first plane, all images together.", ValueKind::kReal, 0,
                   [](const Record& r) { return measured(r, r.outcome.exposure); }},
    ManifestColumn{"zero_point", "mag", "phot.mag;arith.zp", "Zero point of the first plane.",
                   ValueKind::kReal, 0,
                   [](const Record& r) { return measured(r, r.outcome.zero_point); }},
    ManifestColumn{"unit", "", "meta.unit", "Unit of the first plane (BUNIT).", ValueKind::kText, 0,
                   [](const Record& r) { return r.outcome.unit; }},
    ManifestColumn{"images", "", "meta.id;obs.image",
                   "Ids of the images that the product is made of.", ValueKind::kText, ' ',
                   [](const Record& r) {
                     std::vector<std::string> ids;
                     for (const auto& image : r.outcome.images)
                       if (std::ranges::find(ids, image.id) == ids.end()) ids.push_back(image.id);
                     return join(ids, " ");
                   }},
    ManifestColumn{"adapter", "", "meta.id;meta.software", "The survey's plugin.", ValueKind::kWord,
                   0, [](const Record& r) { return plugin(r.outcome.adapter).first; }},
    ManifestColumn{"adapter_version", "", "meta.version", "Its version.", ValueKind::kWord, 0,
                   [](const Record& r) { return plugin(r.outcome.adapter).second; }},
    ManifestColumn{"algorithm", "", "meta.id;meta.software",
                   "The plugin that made the pixels; until then, the one that was asked for.",
                   ValueKind::kWord, 0,
                   [](const Record& r) {
                     const auto name = plugin(r.outcome.algorithm).first;
                     return name.empty() && r.request ? r.request->algorithm : name;
                   }},
    ManifestColumn{"algorithm_version", "", "meta.version", "Its version.", ValueKind::kWord, 0,
                   [](const Record& r) { return plugin(r.outcome.algorithm).second; }},
    ManifestColumn{"seconds", "s", "time.processing", "Time that a worker spent on it.",
                   ValueKind::kReal, 0,
                   [](const Record& r) { return r.slot ? real(r.outcome.seconds) : ""; }},
    ManifestColumn{"request", "", "meta.note",
                   "All that was asked for, with the row's own values: parameters as in "
                   "[parameters](parameters.md), as of a URL.",
                   ValueKind::kWord, 0, [](const Record& r) { return r.planned.request; }},
};

}  // namespace

Result<Record> record_of(const Results& results, std::size_t product) {
  Record out;
  out.planned = results.plan().product(product);
  if (auto request = cutout::parse_canonical(out.planned.request))
    out.request = std::move(*request);
  const auto found = results.product(product);
  if (!found) return out;
  out.slot = found->pack->slot(found->item);
  auto outcome = found->pack->outcome(found->item);
  if (!outcome) return fail(std::move(outcome).error());
  out.outcome = std::move(*outcome);
  return out;
}

std::span<const ManifestColumn> manifest_columns() { return kTable; }

ManifestHead::ManifestHead(const std::vector<std::string>& columns) : own_(columns.size()) {
  for (const auto& column : kTable) names_.emplace_back(column.name);
  const auto taken = [&](const std::string& name) {
    return std::ranges::any_of(names_,
                               [&](const auto& known) { return equal_ignoring_case(known, name); });
  };
  std::vector<std::string> lists;
  for (const auto& column : columns) {
    auto name = good_utf8(column);
    while (name.empty() || taken(name)) name = "list_" + name;
    names_.push_back(name);
    lists.push_back(name);
  }
  names_.resize(kTable.size());
  names_.insert(names_.begin() + kBeforeTheLists, lists.begin(), lists.end());
}

const ManifestColumn* ManifestHead::known(std::size_t column) const {
  if (column < kBeforeTheLists) return &kTable[column];
  return column < kBeforeTheLists + own_ ? nullptr : &kTable[column - own_];
}

ValueKind ManifestHead::kind(std::size_t column) const {
  const auto* known_column = known(column);
  return known_column ? known_column->kind : ValueKind::kText;
}

std::string ManifestHead::text(const Record& record, std::size_t column) const {
  const auto* known_column = known(column);
  if (!known_column) return good_utf8(record.planned.columns[column - kBeforeTheLists]);
  auto out = known_column->get(record);
  const bool number =
      known_column->kind == ValueKind::kWhole || known_column->kind == ValueKind::kReal;
  return number ? out : good_utf8(out);
}

}  // namespace recorte::batch
