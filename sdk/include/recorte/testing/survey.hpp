/// A survey under test: what it says of itself, and which images it finds.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plugin.hpp"

#include <cmath>

namespace recorte::testkit {

/// A circle of the sky, ICRS degrees.
inline recorte_region circle(double ra, double dec, double radius) {
  recorte_region out{};
  out.struct_size = sizeof out;
  out.kind = RECORTE_CIRCLE;
  out.ra = ra;
  out.dec = dec;
  out.radius = radius;
  return out;
}

/// A box, degrees across and up.
inline recorte_region box(double ra, double dec, double width, double height) {
  auto out = circle(ra, dec, std::hypot(width, height) / 2);
  out.kind = RECORTE_BOX;
  out.width = width;
  out.height = height;
  return out;
}

/// An image that was found; a recorte_source (survey.h) copied.
struct Found {
  struct Plane {
    recorte_role role;
    int hdu, cube_plane;
    std::string uri, extname;
  };
  std::string id, release, band, version, variant, unit, access_group, s_region;
  double t_min, t_max, exptime, zeropoint, depth;
  std::vector<Plane> planes = {};
  std::map<std::string, std::string> pairs = {}, cards = {};
};

/// What is asked besides the region.
struct Ask {
  std::vector<std::string> bands = {};  ///< none: all
  std::string release = "", image = "";
  double t_min = NAN, t_max = NAN;  ///< MJD; NaN: unbounded
  Call* call = nullptr;             ///< to cancel it; nullptr: one of its own
};

class Survey {
 public:
  /// Opens one with the settings of its TOML file, as JSON. Give "/survey/root", which the host
  /// adds.
  explicit Survey(const Plugin& plugin, std::string_view settings = "{}")
      : open_(plugin, RECORTE_SURVEY_V1, settings) {}

  /// What describe() wrote, by JSON pointer: *describe().find("/bands/0/name").
  Settings describe() {
    std::string text;
    const recorte_text_sink sink{sizeof sink, 0, &text,
                                 [](const recorte_text_sink* s, recorte_str part) {
                                   static_cast<std::string*>(s->ctx)->append(view(part));
                                 }};
    recorte::detail::check(
        [&](recorte_error* e) { return open_.table_->describe(open_.self_, &sink, e); });
    return Settings(text);
  }

  std::vector<Found> find(const recorte_region& region, const Ask& ask = {}) {
    Call own;
    std::vector<recorte_str> bands;
    for (const auto& band : ask.bands) bands.push_back(str(band));
    const recorte_query query{sizeof query,     static_cast<std::uint32_t>(bands.size()),
                              str(ask.release), str(ask.image),
                              bands.data(),     &region,
                              ask.t_min,        ask.t_max};
    std::vector<Found> out;
    const recorte_source_sink sink{
        sizeof sink, 0, &out,
        [](const recorte_source_sink* s, const recorte_source* source) -> recorte_status {
          static_cast<std::vector<Found>*>(s->ctx)->push_back(copy(*source));
          return RECORTE_OK;
        }};
    recorte::detail::check([&](recorte_error* e) {
      return open_.table_->find(open_.self_, (ask.call ? ask.call : &own)->raw(), &query, &sink, e);
    });
    return out;
  }

 private:
  static Found copy(const recorte_source& theirs) {
    const auto s = recorte::detail::known(theirs);
    const auto text = [](recorte_str t) { return std::string(view(t)); };
    Found out{.id = text(s.id),
              .release = text(s.release),
              .band = text(s.band),
              .version = text(s.version),
              .variant = text(s.variant),
              .unit = text(s.unit),
              .access_group = text(s.access_group),
              .s_region = text(s.s_region),
              .t_min = s.t_min,
              .t_max = s.t_max,
              .exptime = s.exptime,
              .zeropoint = s.zeropoint,
              .depth = s.depth};
    for (std::uint32_t i = 0; i < s.plane_count; ++i) {
      const auto& p = *s.planes[i];
      out.planes.push_back({p.role, p.hdu, p.cube_plane, text(p.uri), text(p.extname)});
    }
    for (std::uint32_t i = 0; i < s.pair_count; ++i)
      out.pairs[text(s.pairs[i].key)] = text(s.pairs[i].value);
    for (std::uint32_t i = 0; i < s.card_count; ++i)
      out.cards[text(s.cards[i].key)] = text(s.cards[i].value);
    return out;
  }

  detail::Open<recorte_survey> open_;
};

}  // namespace recorte::testkit
