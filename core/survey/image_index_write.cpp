// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"
#include "core/survey/image_index.hpp"
#include "core/survey/index_layout.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>

namespace recorte::survey {
namespace {

/// Each text once.
class TextPool {
 public:
  TextRef add(const std::string& text) {
    const auto [found, added] = refs_.try_emplace(text);
    if (added) {
      found->second = {static_cast<std::uint32_t>(bytes.size()),
                       static_cast<std::uint32_t>(text.size())};
      bytes += text;
    }
    return found->second;
  }
  std::string bytes;

 private:
  std::unordered_map<std::string, TextRef> refs_;
};

/// Adds what is not there yet.
void add_once(std::vector<TextRef>& refs, TextRef ref) {
  if (std::find(refs.begin(), refs.end(), ref) == refs.end()) refs.push_back(ref);
}

struct Tables {
  std::vector<ImageRow> rows;
  std::vector<PlaneRow> planes;
  std::vector<sky::Vector> vertices;
  std::vector<sky::Cap> caps;
  std::vector<TextRef> bands, roles;
  double pixel_scale = kNone;
  TextPool text;

  void add(const ImageRecord& image) {
    ImageRow row;
    row.id = text.add(image.id);
    row.band = text.add(image.band);
    row.version = text.add(image.version);
    row.unit = text.add(image.unit);
    row.access_group = text.add(image.access_group);
    row.variant = text.add(image.variant);
    row.first_plane = static_cast<std::uint32_t>(planes.size());
    row.planes = static_cast<std::uint32_t>(image.planes.size());
    for (const auto& plane : image.planes)
      planes.push_back({text.add(plane.role), text.add(plane.path), text.add(plane.extname),
                        plane.hdu, plane.cube_plane});
    add_once(bands, row.band);
    for (const auto& plane : image.planes) add_once(roles, text.add(plane.role));
    pixel_scale = std::fmax(pixel_scale, image.pixel_scale);  // the number, where one is NaN
    const auto& [cap, outline] = image.footprint;
    row.first_vertex = static_cast<std::uint32_t>(vertices.size());
    row.vertices = static_cast<std::uint32_t>(outline.size());
    vertices.insert(vertices.end(), outline.begin(), outline.end());
    row.width = image.width;
    row.height = image.height;
    row.pixel_scale = image.pixel_scale;
    row.t_min = image.t_min;
    row.t_max = image.t_max;
    row.exptime = image.exptime;
    row.zeropoint = image.zeropoint;
    std::copy(cap.centre.begin(), cap.centre.end(), row.centre);
    row.radius = cap.radius;
    caps.push_back(cap);
    rows.push_back(row);
  }
};

template <class T>
Extent64 append(std::string& out, const T& sequence) {
  out.resize((out.size() + 7) / 8 * 8);
  const Extent64 extent{out.size(), sequence.size() * sizeof(*sequence.data())};
  if (extent.bytes) out.append(reinterpret_cast<const char*>(sequence.data()), extent.bytes);
  return extent;
}

}  // namespace

Status write_image_index(const std::filesystem::path& path,
                         const std::vector<ImageRecord>& images) {
  Tables tables;
  for (const auto& image : images) tables.add(image);
  if (tables.text.bytes.size() > UINT32_MAX || tables.vertices.size() > UINT32_MAX)
    return fail(ErrorCode::kTooLarge, path.string() + ": " + std::to_string(images.size()) +
                                          " images do not fit into one index; split the survey");
  std::vector<std::uint32_t> by_id(images.size());
  for (std::uint32_t i = 0; i < by_id.size(); ++i) by_id[i] = i;
  std::sort(by_id.begin(), by_id.end(),
            [&](auto a, auto b) { return images[a].id < images[b].id; });
  const auto twice = std::adjacent_find(
      by_id.begin(), by_id.end(), [&](auto a, auto b) { return images[a].id == images[b].id; });
  if (twice != by_id.end())
    return fail(ErrorCode::kInternal, "two images are called '" + images[*twice].id + "'");

  Head head;
  head.images = static_cast<std::uint32_t>(images.size());
  std::string out(sizeof head, '\0');
  head.rows = append(out, tables.rows);
  head.planes = append(out, tables.planes);
  head.vertices = append(out, tables.vertices);
  head.by_id = append(out, by_id);
  head.tree = append(out, sky::CapTree::build(tables.caps));
  head.bands = append(out, tables.bands);
  head.roles = append(out, tables.roles);
  head.pixel_scale = tables.pixel_scale;
  head.text = append(out, tables.text.bytes);
  head.file_bytes = out.size();
  std::memcpy(out.data(), &head, sizeof head);
  return write_file(path, out);
}

}  // namespace recorte::survey
