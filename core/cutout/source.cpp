// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/source.hpp"

#include "core/plugin/known.hpp"

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

Result<Source> copy(const recorte_source* theirs) {
  auto taken = plugin::known(theirs);
  if (!taken) return fail(std::move(taken).error());
  const auto& c = *taken;
  Source out;
  out.id = view(c.id);
  out.release = view(c.release);
  out.band = view(c.band);
  out.version = view(c.version);
  out.variant = view(c.variant);
  out.unit = view(c.unit);
  out.access_group = view(c.access_group);
  out.s_region = view(c.s_region);
  out.t_min = c.t_min;
  out.t_max = c.t_max;
  out.exptime = c.exptime;
  out.zeropoint = c.zeropoint;
  out.depth = c.depth;
  for (std::uint32_t i = 0; i < c.plane_count; ++i) {
    auto p = plugin::known(c.planes[i]);
    if (!p) return fail(std::move(p).error());
    out.planes.push_back(
        {p->role, p->hdu, p->cube_plane, path_of(view(p->uri)), std::string(view(p->extname))});
  }
  for (std::uint32_t i = 0; i < c.pair_count; ++i)
    out.pairs.emplace_back(view(c.pairs[i].key), view(c.pairs[i].value));
  for (std::uint32_t i = 0; i < c.card_count; ++i)
    out.cards.emplace_back(view(c.cards[i].key), view(c.cards[i].value));
  return out;
}

SourceView::SourceView(const Source& s) {
  planes_.reserve(s.planes.size());
  for (const auto& p : s.planes) {
    planes_.push_back(
        {sizeof(recorte_plane), p.role, p.hdu, p.cube_plane, str(p.path), str(p.extname)});
    pointers_.push_back(&planes_.back());
  }
  for (const auto& [key, value] : s.pairs) pairs_.push_back({str(key), str(value)});
  for (const auto& [key, value] : s.cards) cards_.push_back({str(key), str(value)});
  c_.struct_size = sizeof c_;
  c_.plane_count = static_cast<std::uint32_t>(pointers_.size());
  c_.planes = pointers_.data();
  c_.id = str(s.id);
  c_.release = str(s.release);
  c_.band = str(s.band);
  c_.version = str(s.version);
  c_.variant = str(s.variant);
  c_.unit = str(s.unit);
  c_.access_group = str(s.access_group);
  c_.s_region = str(s.s_region);
  c_.t_min = s.t_min;
  c_.t_max = s.t_max;
  c_.exptime = s.exptime;
  c_.zeropoint = s.zeropoint;
  c_.depth = s.depth;
  c_.pairs = pairs_.data();
  c_.cards = cards_.data();
  c_.pair_count = static_cast<std::uint32_t>(pairs_.size());
  c_.card_count = static_cast<std::uint32_t>(cards_.size());
}

}  // namespace recorte::cutout
