/// The kit's recorte.footprints/1: sources in memory, each looked at. An index file is the real
/// host's alone.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "host.hpp"

#include <array>
#include <cmath>
#include <deque>
#include <numbers>
#include <set>
#include <sstream>

namespace recorte::testkit::detail {

/// A cap of the sky: a unit vector and an angle, radians.
struct Cap {
  std::array<double, 3> centre;
  double radius;

  static std::array<double, 3> vector(double ra, double dec) {
    constexpr double kDegree = std::numbers::pi / 180;
    return {std::cos(dec * kDegree) * std::cos(ra * kDegree),
            std::cos(dec * kDegree) * std::sin(ra * kDegree), std::sin(dec * kDegree)};
  }
  static double angle(const std::array<double, 3>& a, const std::array<double, 3>& b) {
    const auto d = std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    return 2 * std::asin(std::min(1.0, d / 2));
  }
  bool meets(const Cap& other) const {
    return angle(centre, other.centre) <= radius + other.radius + 1e-9;
  }

  /// Of "POLYGON ICRS ra dec …" or "CIRCLE ICRS ra dec radius", one that holds it.
  static Cap of(const std::string& s_region) {
    std::istringstream in(s_region);
    std::string kind, frame;
    in >> kind >> frame;
    std::vector<double> numbers;
    for (double n; in >> n;) numbers.push_back(n);
    constexpr double kDegree = std::numbers::pi / 180;
    if (kind == "CIRCLE" && numbers.size() == 3)
      return {vector(numbers[0], numbers[1]), numbers[2] * kDegree};
    if (kind != "POLYGON" || numbers.size() < 6 || numbers.size() % 2)
      throw Error(RECORTE_INVALID, "an s_region is POLYGON or CIRCLE ICRS …, not: " + s_region);
    Cap out{{}, 0};
    for (std::size_t i = 0; i < numbers.size(); i += 2)
      for (int k = 0; const auto c : vector(numbers[i], numbers[i + 1])) out.centre[k++] += c;
    const auto length = std::hypot(out.centre[0], out.centre[1], out.centre[2]);
    for (auto& c : out.centre) c /= length;
    for (std::size_t i = 0; i < numbers.size(); i += 2)
      out.radius = std::max(out.radius, angle(out.centre, vector(numbers[i], numbers[i + 1])));
    return out;
  }
};

/// A source and what it refers to.
struct Kept {
  explicit Kept(const recorte_source& theirs)
      : source(recorte::detail::known(theirs)), cap(Cap::of(std::string(view(source.s_region)))) {
    for (auto* text : {&source.id, &source.release, &source.band, &source.version, &source.variant,
                       &source.unit, &source.access_group, &source.s_region})
      keep(*text);
    for (std::uint32_t i = 0; i < source.plane_count; ++i) {
      auto& plane = planes.emplace_back(recorte::detail::known(*source.planes[i]));
      keep(plane.uri);
      keep(plane.extname);
      pointers.push_back(&plane);
    }
    source.planes = pointers.data();
    keep(pairs, source.pairs, source.pair_count);
    keep(cards, source.cards, source.card_count);
  }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;

  bool answers(const recorte_query& query) const {
    if (source.t_max < query.t_min || source.t_min > query.t_max) return false;
    bool wanted = query.band_count == 0;
    for (std::uint32_t i = 0; i < query.band_count; ++i)
      wanted = wanted || view(query.bands[i]) == view(source.band);
    if (!wanted) return false;
    if (query.image.size > 0) return view(query.image) == view(source.id);
    const auto& r = *query.region;
    return cap.meets({Cap::vector(r.ra, r.dec), r.radius * std::numbers::pi / 180});
  }

  std::deque<std::string> texts;
  std::deque<recorte_plane> planes;
  std::vector<const recorte_plane*> pointers;
  std::vector<recorte_pair> pairs, cards;
  recorte_source source;
  Cap cap;

 private:
  void keep(recorte_str& text) { text = str(texts.emplace_back(view(text))); }
  void keep(std::vector<recorte_pair>& into, const recorte_pair*& from, std::uint32_t count) {
    into.assign(from, from + count);
    for (auto& pair : into) {
      keep(pair.key);
      keep(pair.value);
    }
    from = into.data();
  }
};

struct FootprintSet {
  std::deque<Kept> sources;
  std::deque<std::string> names;
  std::vector<recorte_str> bands;
  recorte_footprint_summary summary{};

  static FootprintSet& of(const recorte_footprint_set* set) {
    return *reinterpret_cast<FootprintSet*>(const_cast<recorte_footprint_set*>(set));
  }
  void summarise() {
    std::set<std::string> all;
    for (const auto& kept : sources) {
      all.emplace(view(kept.source.band));
      for (const auto& plane : kept.planes) summary.roles |= 1U << plane.role;
    }
    names.assign(all.begin(), all.end());
    for (const auto& name : names) bands.push_back(str(name));
    summary.struct_size = sizeof summary;
    summary.images = sources.size();
    summary.bands = bands.data();
    summary.band_count = static_cast<std::uint32_t>(bands.size());
    summary.pixel_scale = NAN;
  }
};

inline const recorte_footprints* footprints() {
  static constexpr recorte_footprints table{
      sizeof table,
      0,
      [](const recorte_host*, recorte_str path, recorte_str, recorte_footprint_set**,
         recorte_error* err) {
        const auto why = "the testing kit opens no index (" + std::string(view(path)) +
                         "): use recorte plugin try";
        return recorte::detail::fail(err, RECORTE_UNSUPPORTED, why.c_str());
      },
      [](const recorte_host*, const recorte_source* const* sources, std::uint64_t count,
         recorte_footprint_set** out, recorte_error* err) {
        return recorte::detail::guard(err, [&] {
          auto set = std::make_unique<FootprintSet>();
          for (std::uint64_t i = 0; i < count; ++i) set->sources.emplace_back(*sources[i]);
          set->summarise();
          *out = reinterpret_cast<recorte_footprint_set*>(set.release());
        });
      },
      [](recorte_footprint_set* set) { delete &FootprintSet::of(set); },
      [](const recorte_footprint_set* set) -> const recorte_footprint_summary* {
        return &FootprintSet::of(set).summary;
      },
      [](const recorte_footprint_set* set, const recorte_call* call, const recorte_query* query,
         const recorte_source_sink* out, recorte_error* err) -> recorte_status {
        if (call->cancelled(call))
          return recorte::detail::fail(err, RECORTE_CANCELLED, "cancelled");
        for (const auto& kept : FootprintSet::of(set).sources) {
          if (!kept.answers(*query)) continue;
          if (const auto status = out->add(out, &kept.source); status != RECORTE_OK) return status;
        }
        return RECORTE_OK;
      }};
  return &table;
}

}  // namespace recorte::testkit::detail
