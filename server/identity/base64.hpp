/// Base64 (RFC 4648, 4) as Basic credentials have it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace recorte::identity {

/// nullopt where it is none. Padding may be left out.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace recorte::identity
