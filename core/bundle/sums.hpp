/// The first member of a bundle, SHA256SUMS: what else is in it, as sha256sum(1) writes and checks
/// it. And what members may be called, and how large all may be.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace recorte::bundle {

inline constexpr std::string_view kSums = "SHA256SUMS", kSignature = "SHA256SUMS.sig";
inline constexpr std::size_t kMostMembers = 1000, kLongestName = 100;
inline constexpr std::size_t kMostBytes = 256U << 20;  ///< of all members together
inline constexpr std::size_t kMostSums = 1U << 18;     ///< bytes of either of the two above

/// By name: 64 hexadecimal digits.
using Sums = std::map<std::string, std::string, std::less<>>;

/// "docs/index.md": parts of letters, digits and ". _ - + @", none of which begins with a dot, at
/// most kLongestName bytes. kData says what is wrong.
Status check_member_name(std::string_view name);
std::string sums_text(const Sums& sums);
/// kData says which line is none.
Result<Sums> parse_sums(std::string_view text);

}  // namespace recorte::bundle
