// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace recorte::net {

/// A client's id or secret as HTTP Basic carries it: encoded as in a form first (RFC 6749, 2.3.1),
/// so that no colon of it ends the id.
std::string basic_text(std::string_view text);

}  // namespace recorte::net
