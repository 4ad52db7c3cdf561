/// What stands around the bytes of a tar's entries: POSIX.1-1988 ustar; pax headers for names and
/// sizes that it has no room for.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace recorte::store::tar {

/// An archive ends with so many zeros.
inline constexpr std::int64_t kEnd = 1024;

/// All that goes before the bytes of an entry; `time`: seconds since 1970.
std::string head(std::string_view name, std::int64_t size, std::int64_t time);
std::int64_t head_size(std::string_view name, std::int64_t size);
/// Zeros that follow an entry of that size.
std::int64_t padding(std::int64_t size);

}  // namespace recorte::store::tar
