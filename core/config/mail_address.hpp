/// Addresses of people, as far as mails go to them: the plain form, which is nearly everybody's.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <string>
#include <string_view>

namespace recorte::config {

/// "name@example.org" (RFC 5322 dot-atom), the domain in lower case. kUsage names the text and the
/// remedy, here and below.
Result<std::string> parse_mail_address(std::string_view text);
/// "*", or a domain in lower case.
Result<std::string> parse_mail_domain(std::string_view text);

}  // namespace recorte::config
