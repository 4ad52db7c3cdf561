// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/services/services.hpp"
#include "core/cutout/source.hpp"
#include "core/fits/remote_file.hpp"
#include "core/plugin/host.hpp"
#include "core/sky/footprint.hpp"
#include "core/survey/image_index.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <vector>

/// An index file, mapped, or sources in memory with a tree over them.
struct recorte_footprint_set {
  std::optional<recorte::survey::ImageIndex> index;
  std::filesystem::path root;

  std::vector<recorte::cutout::Source> sources;
  std::vector<recorte::sky::Footprint> footprints;
  std::vector<std::byte> tree;

  std::vector<std::string> band_names;
  std::vector<recorte_str> bands;
  recorte_footprint_summary summary{};
};

namespace recorte::cutout {
namespace {

sky::Cap cap_of(const recorte_region& region) {
  return {sky::to_vector({region.ra, region.dec}), region.radius};
}

bool wants(const recorte_query& query, std::string_view band, double t_min, double t_max) {
  if (t_max < query.t_min || t_min > query.t_max) return false;
  if (query.band_count == 0) return true;
  for (std::uint32_t i = 0; i < query.band_count; ++i)
    if (view(query.bands[i]) == band) return true;
  return false;
}

recorte_role role_of(std::string_view name) {
  if (name == "weight") return RECORTE_WEIGHT;
  if (name == "variance") return RECORTE_VARIANCE;
  if (name == "mask") return RECORTE_MASK;
  return RECORTE_IMAGE;
}

Source source_of(const survey::ImageRecord& record, const std::filesystem::path& root) {
  Source out{record.id,
             "",
             record.band,
             record.version,
             record.unit,
             record.access_group,
             sky::s_region(record.footprint),
             record.t_min,
             record.t_max,
             record.exptime,
             record.zeropoint,
             survey::kNone,
             {},
             {},
             record.variant};
  for (const auto& p : record.planes)
    out.planes.push_back({role_of(p.role), p.hdu, p.cube_plane,
                          fits::is_remote(p.path) ? p.path : (root / p.path).string(), p.extname});
  return out;
}

/// Calls `found` with every source that may answer one query.
template <class Found>
void search(const recorte_footprint_set& set, const recorte_query& query, Found&& found) {
  const auto image = view(query.image);
  if (set.index) {
    auto use = [&](const survey::ImageRecord& r) {
      if (wants(query, r.band, r.t_min, r.t_max)) found(source_of(r, set.root));
    };
    if (!image.empty()) {
      if (auto record = set.index->image(image)) use(*record);
      return;
    }
    // One band narrows the search in the index; several are told apart afterwards.
    const auto band = query.band_count == 1 ? view(query.bands[0]) : std::string_view{};
    set.index->find(cap_of(*query.region), band, use);
    return;
  }
  auto use = [&](std::uint32_t i) {
    const auto& s = set.sources[i];
    if (wants(query, s.band, s.t_min, s.t_max)) found(s);
  };
  if (!image.empty()) {
    for (std::uint32_t i = 0; i < set.sources.size(); ++i)
      if (set.sources[i].id == image) use(i);
    return;
  }
  const auto cap = cap_of(*query.region);
  const auto tree = sky::CapTree::view(set.tree);
  if (tree)
    tree->find(cap, [&](std::uint32_t i) {
      if (sky::may_meet(set.footprints[i], cap)) use(i);
    });
}

void summarise(recorte_footprint_set& set) {
  survey::IndexSummary all;
  if (set.index) all = set.index->summary();
  auto& summary = set.summary;
  for (const auto& role : all.roles) summary.roles |= 1U << role_of(role);
  std::set<std::string> names(all.bands.begin(), all.bands.end());
  for (const auto& source : set.sources) {
    names.insert(source.band);
    for (const auto& plane : source.planes)
      if (plane.role >= 0 && plane.role < RECORTE_ROLES) summary.roles |= 1U << plane.role;
  }
  set.band_names.assign(names.begin(), names.end());
  for (const auto& name : set.band_names) set.bands.push_back(str(name));
  summary.struct_size = sizeof summary;
  summary.images = set.index ? set.index->size() : set.sources.size();
  summary.bands = set.bands.data();
  summary.band_count = static_cast<std::uint32_t>(set.bands.size());
  summary.pixel_scale = all.pixel_scale;
}

recorte_status open_index(const recorte_host*, recorte_str path, recorte_str root,
                          recorte_footprint_set** out, recorte_error* err) {
  return plugin::serve_plugin(err, [&]() -> Status {
    auto index = survey::ImageIndex::open(std::string(view(path)));
    if (!index) return fail(std::move(index).error());
    auto set = std::make_unique<recorte_footprint_set>();
    set->index = std::move(*index);
    set->root = view(root);
    summarise(*set);
    *out = set.release();
    return {};
  });
}

recorte_status make_set(const recorte_host*, const recorte_source* const* sources,
                        std::uint64_t count, recorte_footprint_set** out, recorte_error* err) {
  return plugin::serve_plugin(err, [&]() -> Status {
    auto set = std::make_unique<recorte_footprint_set>();
    std::vector<sky::Cap> caps;
    for (std::uint64_t i = 0; i < count; ++i) {
      auto source = copy(sources[i]);
      if (!source) return fail(std::move(source).error());
      set->sources.push_back(std::move(*source));
      auto footprint = sky::parse_s_region(set->sources.back().s_region);
      if (!footprint)
        return fail(footprint.error().code,
                    "the source " + set->sources.back().id + ": " + footprint.error().message);
      caps.push_back(footprint->cap);
      set->footprints.push_back(std::move(*footprint));
    }
    set->tree = sky::CapTree::build(caps);
    summarise(*set);
    *out = set.release();
    return {};
  });
}

recorte_status find(const recorte_footprint_set* set, const recorte_call* call,
                    const recorte_query* query, const recorte_source_sink* out,
                    recorte_error* err) {
  recorte_status status = RECORTE_OK;  // of the sink
  const auto served = plugin::serve_plugin(err, [&]() -> Status {
    if (call->cancelled(call)) return fail(ErrorCode::kCancelled, "cancelled");
    search(*set, *query, [&](const Source& source) {
      if (status == RECORTE_OK) status = out->add(out, SourceView(source).get());
    });
    return {};
  });
  return served == RECORTE_OK ? status : served;
}

}  // namespace

const recorte_footprints* footprints_service() {
  static constexpr recorte_footprints table{
      sizeof(recorte_footprints),
      0,
      open_index,
      make_set,
      [](recorte_footprint_set* set) { delete set; },
      [](const recorte_footprint_set* set) { return &set->summary; },
      find};
  return &table;
}

}  // namespace recorte::cutout
