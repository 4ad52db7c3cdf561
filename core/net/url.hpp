/// Where a webhook goes, as libcurl itself reads it: who checks an address with one reader and goes
/// there with another can be led elsewhere.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <string>
#include <string_view>

namespace recorte::net {

struct Target {
  std::string url;     ///< as it is asked for
  std::string origin;  ///< "https://hooks.example.org", with the port where it is not the scheme's
};

/// kUsage where it is no http or https URL, is longer than 2000 bytes, or has a user, a fragment,
/// or characters that a URL writes with %.
Result<Target> parse_target(std::string_view url);
/// What a server that was asked for `base` means by `location` (RFC 3986, section 5). The same
/// errors.
Result<Target> resolve_target(const std::string& base, std::string_view location);

}  // namespace recorte::net
