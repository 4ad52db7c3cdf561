/// What stands around the bytes of a zip's entries, by PKWARE APPNOTE 6.3.10; ZIP64 where sizes or
/// counts need it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace recorte::store::zip {

/// kUsage where it is too long for one.
Status check_name(std::string_view name);
/// Date and time of MS-DOS: from 1980 to 2107, two seconds a step.
std::uint32_t dos_time(std::int64_t seconds);

/// An entry, stored and not compressed.
struct EntryFacts {
  std::string_view name;
  std::int64_t size = 0;
  std::uint32_t crc = 0;
  std::uint32_t time = 0;  ///< dos_time()
};
std::string local_head(const EntryFacts& entry);
std::int64_t local_head_size(const EntryFacts& entry);
/// Its entry in the central directory; `begin`: where its local head stands.
std::string central_head(const EntryFacts& entry, std::int64_t begin);
std::int64_t central_head_size(const EntryFacts& entry, std::int64_t begin);
/// What closes the archive behind a central directory of `size` bytes that begins at `begin`.
std::string end_records(std::uint64_t entries, std::int64_t begin, std::int64_t size);

}  // namespace recorte::store::zip
