/// The bytes of an index file: little-endian, every table 8-byte aligned.
///
///     Head | ImageRow × images | PlaneRow × planes | Vector × vertices | by id: u32 × images
///          | CapTree over the images' caps | bands and roles: TextRef each | text, referred to by
///          offset and length
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstdint>

namespace recorte::survey {

static_assert(std::endian::native == std::endian::little, "the index is mapped as it lies on disk");

inline constexpr std::uint64_t kIndexMagic = 0x58444E49'45434552;  // "RECEINDX"
inline constexpr std::uint32_t kIndexVersion = 3;

/// Bytes from the beginning of the file, and how many.
struct Extent64 {
  std::uint64_t offset = 0, bytes = 0;
};

struct Head {
  std::uint64_t magic = kIndexMagic;
  std::uint32_t version = kIndexVersion;
  std::uint32_t images = 0;
  std::uint64_t file_bytes = 0;
  Extent64 rows, planes, vertices, by_id, tree, bands, roles, text;
  double pixel_scale = 0;  ///< the largest
};
static_assert(sizeof(Head) == 160);

struct TextRef {
  std::uint32_t offset = 0, length = 0;
  bool operator==(const TextRef&) const = default;
};

struct ImageRow {
  TextRef id, band, version, unit, access_group, variant;
  std::uint32_t first_plane = 0, planes = 0;
  std::uint32_t first_vertex = 0, vertices = 0;
  std::int64_t width = 0, height = 0;
  double pixel_scale = 0, t_min = 0, t_max = 0, exptime = 0, zeropoint = 0;
  double centre[3] = {}, radius = 0;
};
static_assert(sizeof(ImageRow) == 152);

struct PlaneRow {
  TextRef role, path, extname;
  std::int32_t hdu = -1, cube_plane = -1;
};
static_assert(sizeof(PlaneRow) == 32);

}  // namespace recorte::survey
