/// Links that open results to whoever has them, without a credential, until they are over.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/keys.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace recorte::account {

/// What a link is good for: to read, and for nothing else.
struct Link {
  std::string job;           ///< its id
  std::string what;          ///< of it, "products.zip"; kWholeJob: all of it
  std::int64_t expires = 0;  ///< seconds since 1970
  std::int64_t version = 0;  ///< of the job's links: another makes these void
};
inline constexpr std::string_view kWholeJob = "all";

/// 64 hexadecimal digits. `key`: that for "link".
std::string sign(const Key& key, const Link& link);
/// Whether that is the link's signature, in constant time.
bool is_signed(const Key& key, const Link& link, std::string_view signature);

}  // namespace recorte::account
