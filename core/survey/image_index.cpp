// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/image_index.hpp"

#include "core/base/io.hpp"
#include "core/survey/index_layout.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <span>

namespace recorte::survey {

struct ImageIndex::Map {
  const std::byte* data = nullptr;
  std::size_t bytes = 0;
  Head head;
  std::span<const ImageRow> rows;
  std::span<const PlaneRow> planes;
  std::span<const sky::Vector> vertices;
  std::span<const std::uint32_t> by_id;
  std::span<const TextRef> bands, roles;
  std::string_view text;
  sky::CapTree tree;

  Map() = default;
  Map(const Map&) = delete;
  Map& operator=(const Map&) = delete;
  ~Map() {
    if (data) ::munmap(const_cast<std::byte*>(data), bytes);
  }

  std::string_view read(TextRef ref) const {
    return ref.offset <= text.size() ? text.substr(ref.offset, ref.length) : std::string_view{};
  }

  template <class T>
  static std::span<const T> part(std::span<const T> all, std::uint32_t first, std::uint32_t count) {
    if (first > all.size() || count > all.size() - first) return {};
    return all.subspan(first, count);
  }

  sky::Footprint footprint(const ImageRow& row) const {
    const auto outline = part(vertices, row.first_vertex, row.vertices);
    return {{{row.centre[0], row.centre[1], row.centre[2]}, row.radius},
            {outline.begin(), outline.end()}};
  }

  ImageRecord record(const ImageRow& row) const {
    ImageRecord out;
    out.id = read(row.id);
    out.band = read(row.band);
    out.version = read(row.version);
    out.unit = read(row.unit);
    out.access_group = read(row.access_group);
    out.variant = read(row.variant);
    for (const auto& plane : part(planes, row.first_plane, row.planes))
      out.planes.push_back({std::string(read(plane.role)), std::string(read(plane.path)), plane.hdu,
                            std::string(read(plane.extname)), plane.cube_plane});
    out.footprint = footprint(row);
    out.width = row.width;
    out.height = row.height;
    out.pixel_scale = row.pixel_scale;
    out.t_min = row.t_min;
    out.t_max = row.t_max;
    out.exptime = row.exptime;
    out.zeropoint = row.zeropoint;
    return out;
  }

  std::span<const std::byte> section(const Extent64& extent) const {
    if (extent.offset % 8 || extent.offset > bytes || extent.bytes > bytes - extent.offset)
      return {};
    return {data + extent.offset, extent.bytes};
  }

  template <class T>
  bool take(const Extent64& extent, std::span<const T>& out) const {
    const auto raw = section(extent);
    if (raw.size() != extent.bytes || raw.size() % sizeof(T)) return false;
    out = {reinterpret_cast<const T*>(raw.data()), raw.size() / sizeof(T)};
    return true;
  }

  bool bind() {
    if (bytes < sizeof head) return false;
    std::memcpy(&head, data, sizeof head);
    if (head.magic != kIndexMagic || head.version != kIndexVersion || head.file_bytes != bytes)
      return false;
    std::span<const char> characters;
    if (!take(head.rows, rows) || !take(head.planes, planes) || !take(head.vertices, vertices) ||
        !take(head.by_id, by_id) || !take(head.bands, bands) || !take(head.roles, roles) ||
        !take(head.text, characters))
      return false;
    text = {characters.data(), characters.size()};
    const auto view = sky::CapTree::view(section(head.tree));
    if (!view || view->size() != rows.size()) return false;
    tree = *view;
    return rows.size() == head.images && by_id.size() == rows.size();
  }
};

Result<ImageIndex> ImageIndex::open(const std::filesystem::path& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat at {};
  if (!file || ::fstat(file.get(), &at) != 0) {
    auto error = os_error("the index " + path.string() + " cannot be opened");
    error.message += "; make it with recorte survey index";
    return fail(std::move(error));
  }
  auto map = std::make_shared<Map>();
  map->bytes = static_cast<std::size_t>(at.st_size);
  if (map->bytes > 0) {
    void* data = ::mmap(nullptr, map->bytes, PROT_READ, MAP_SHARED, file.get(), 0);
    if (data == MAP_FAILED)
      return fail(os_error("the index " + path.string() + " cannot be mapped"));
    map->data = static_cast<const std::byte*>(data);
  }
  if (!map->bind())
    return fail(ErrorCode::kData, path.string() +
                                      " is no index of this version of Recorte; run "
                                      "recorte survey index again");
  return ImageIndex(std::move(map));
}

void ImageIndex::find(const sky::Cap& cap, std::string_view band,
                      const std::function<void(const ImageRecord&)>& found) const {
  std::vector<std::uint32_t> numbers;
  map_->tree.find(cap, [&](std::uint32_t number) {
    if (number >= map_->rows.size()) return;
    const auto& row = map_->rows[number];
    if (!band.empty() && map_->read(row.band) != band) return;
    if (sky::may_meet(map_->footprint(row), cap)) numbers.push_back(number);
  });
  std::sort(numbers.begin(), numbers.end());
  for (const auto number : numbers) found(map_->record(map_->rows[number]));
}

Result<ImageRecord> ImageIndex::image(std::string_view id) const {
  const auto name = [&](std::uint32_t number) {
    return number < map_->rows.size() ? map_->read(map_->rows[number].id) : std::string_view{};
  };
  const auto at = std::lower_bound(
      map_->by_id.begin(), map_->by_id.end(), id,
      [&](std::uint32_t number, std::string_view want) { return name(number) < want; });
  if (at == map_->by_id.end() || *at >= size() || name(*at) != id)
    return fail(ErrorCode::kNotFound, "no image is called '" + std::string(id) + "'");
  return this->at(*at);
}

ImageRecord ImageIndex::at(std::uint32_t number) const { return map_->record(map_->rows[number]); }

std::uint32_t ImageIndex::size() const { return static_cast<std::uint32_t>(map_->rows.size()); }

IndexSummary ImageIndex::summary() const {
  IndexSummary out;
  for (const auto ref : map_->bands) out.bands.emplace_back(map_->read(ref));
  for (const auto ref : map_->roles) out.roles.emplace_back(map_->read(ref));
  out.pixel_scale = map_->head.pixel_scale;
  return out;
}

}  // namespace recorte::survey
