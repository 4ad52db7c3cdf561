// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/source.hpp"

#include <cstddef>

namespace recorte::cutout {
namespace {

std::string path_of(std::string_view uri) {
  // RFC 8089: file:/path, file:///path, file://localhost/path.
  for (const std::string_view scheme : {"file://localhost/", "file:///", "file:/"})
    if (uri.starts_with(scheme)) return "/" + std::string(uri.substr(scheme.size()));
  return std::string(uri);
}

}  // namespace

const SourcePlane* Source::plane(recorte_role role) const {
  for (const auto& p : planes)
    if (p.role == role) return &p;
  return nullptr;
}

Source copy(const recorte_source& c) {
  Source out{std::string(view(c.id)),
             std::string(view(c.release)),
             std::string(view(c.band)),
             std::string(view(c.version)),
             std::string(view(c.unit)),
             std::string(view(c.access_group)),
             std::string(view(c.s_region)),
             c.t_min,
             c.t_max,
             c.exptime,
             c.zeropoint,
             c.depth,
             {},
             {}};
  for (std::uint32_t i = 0; i < c.plane_count; ++i) {
    const auto& p = c.planes[i];
    out.planes.push_back(
        {p.role, p.hdu, p.cube_plane, path_of(view(p.uri)), std::string(view(p.extname))});
  }
  for (std::uint32_t i = 0; i < c.pair_count; ++i)
    out.pairs.emplace_back(view(c.pairs[i].key), view(c.pairs[i].value));
  if (c.struct_size >= offsetof(recorte_source, variant) + sizeof c.variant)
    out.variant = view(c.variant);
  if (c.struct_size >= offsetof(recorte_source, card_count) + sizeof c.card_count)
    for (std::uint32_t i = 0; i < c.card_count; ++i)
      out.cards.emplace_back(view(c.cards[i].key), view(c.cards[i].value));
  return out;
}

SourceView::SourceView(const Source& s) {
  for (const auto& p : s.planes)
    planes_.push_back(
        {sizeof(recorte_plane), p.role, p.hdu, p.cube_plane, str(p.path), str(p.extname)});
  for (const auto& [key, value] : s.pairs) pairs_.push_back({str(key), str(value)});
  for (const auto& [key, value] : s.cards) cards_.push_back({str(key), str(value)});
  c_ = {sizeof(recorte_source),
        static_cast<std::uint32_t>(planes_.size()),
        planes_.data(),
        str(s.id),
        str(s.release),
        str(s.band),
        str(s.version),
        str(s.unit),
        str(s.access_group),
        str(s.s_region),
        s.t_min,
        s.t_max,
        s.exptime,
        s.zeropoint,
        s.depth,
        pairs_.data(),
        static_cast<std::uint32_t>(pairs_.size()),
        0,
        str(s.variant),
        cards_.data(),
        static_cast<std::uint32_t>(cards_.size()),
        0};
}

}  // namespace recorte::cutout
