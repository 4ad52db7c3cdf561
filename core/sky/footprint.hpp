/// The outline of an image on the sky, and an index that finds the outlines near a region among a
/// million in microseconds. Both work in unit vectors. Answers are generous: they may name an image
/// that does not quite meet the region (select() decides), never miss one that does.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/sky/stencil.hpp"
#include "core/sky/vector.hpp"
#include "core/sky/wcs.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::sky {

/// A cap that holds the image and, where the image is small enough for it to mean something, its
/// outline as a polygon (else empty: the cap alone counts).
struct Footprint {
  Cap cap;
  std::vector<Vector> outline;
};

/// From an image's WCS: corners and points between, cap grown by what the edges bulge. Images that
/// do not project at every corner (all-sky maps) get the whole sky.
Footprint footprint_of(const Wcs& wcs, std::int64_t width, std::int64_t height);
/// From vertices in order (either sense), grown by `margin` degrees.
Footprint footprint_of(std::span<const Position> vertices, double margin);
/// ObsCore s_region: "POLYGON ICRS ra dec …" or "CIRCLE ICRS ra dec r".
std::string s_region(const Footprint& footprint);
Result<Footprint> parse_s_region(std::string_view text);
/// Whether a cap may meet the footprint: cap against cap, then cap against outline.
bool may_meet(const Footprint& footprint, const Cap& cap);

/// A packed tree over caps: bytes that can be written to a file and mapped. Little-endian, 8-byte
/// aligned. Identifiers are positions in the sequence it was built from.
class CapTree {
 public:
  static std::vector<std::byte> build(std::span<const Cap> caps);
  /// Borrows the bytes. kData where they are no such tree (every offset is checked here, once).
  static Result<CapTree> view(std::span<const std::byte> bytes);
  /// Calls `found` with every cap that meets `cap`, in no order.
  void find(const Cap& cap, const std::function<void(std::uint32_t)>& found) const;
  std::uint32_t size() const { return count_; }

 private:
  std::span<const std::byte> bytes_;
  std::uint32_t count_ = 0;
};

}  // namespace recorte::sky
