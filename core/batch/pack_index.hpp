/// The form of a pack: what a part begins with, and the index that a sealed one ends with. All of
/// it is little-endian and of fixed size, but for what is said of each product, which the slots
/// point to (docs/reference/packs.md).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/pack.hpp"
#include "core/job/job.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::batch {

/// Items that can tell what is needed for others like them.
inline constexpr std::uint32_t kMostNeeds = (1U << 24) - 1;
inline constexpr std::int64_t kPartHead = 64, kSlot = 80, kTrailer = 80;

/// Which start of the machine this is; "" where it is not known.
std::string boot_id();
/// What a part begins with. Where it is of another start, what is behind it cannot be trusted.
std::string part_head(const std::string& boot);
/// Whether that is such a head, of whatever start.
bool is_part_head(std::string_view bytes);

std::filesystem::path part_file(const std::filesystem::path& directory, std::int64_t task);
std::filesystem::path pack_file(const std::filesystem::path& directory, std::int64_t task);

/// A slot, and where the text of its outcome lies.
struct IndexSlot {
  PackSlot slot;
  std::int64_t text_offset = 0;
  std::uint32_t text_size = 0, text_crc = 0;
};
std::string encode(const IndexSlot& slot);
/// Of kSlot bytes; what makes no sense is told by fits().
IndexSlot decode_slot(std::string_view bytes);

/// The last bytes of a pack: where its slots are, and their sum.
struct Trailer {
  std::int64_t index = 0, count = 0;
  std::uint32_t slots_crc = 0;
  job::Tally tally;
};
std::string encode(const Trailer& trailer);
/// kData where it is none.
Result<Trailer> decode_trailer(std::string_view bytes);
/// Whether all that a slot points to lies in a file of `size` bytes.
bool fits(const IndexSlot& slot, const Trailer& trailer, std::int64_t size);
/// One product more.
void count(job::Tally& tally, const PackSlot& slot);

}  // namespace recorte::batch
