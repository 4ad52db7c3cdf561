/// Pieces of the grammar of header fields (RFC 9110, 5.6) that several readers share, and what a
/// message may show of a client's text.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace recorte::http {

/// A quoted-string without its quotes and backslashes, any other text as it is; nullopt where a
/// quote is not closed, or stands inside.
std::optional<std::string> unquoted(std::string_view text);
/// The first parameter of that name in a field such as `form-data; name="a"; filename="b;c"`,
/// unquoted; nullopt where it is missing or broken.
std::optional<std::string> field_parameter(std::string_view field, std::string_view name);
/// At most 60 characters, and only printable ASCII: fit for any face and any log.
std::string excerpt(std::string_view text);

}  // namespace recorte::http
