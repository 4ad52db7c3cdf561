/// The path under which the service stands, for links of its pages.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace recorte::page {

/// "https://host/prefix" → "/prefix"; "" where there is none.
inline std::string prefix_of(const std::string& base_url) {
  const auto scheme = base_url.find("://");
  const auto slash = base_url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return slash == std::string::npos ? "" : base_url.substr(slash);
}

}  // namespace recorte::page
