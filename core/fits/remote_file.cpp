// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/remote_file.hpp"

#include <algorithm>
#include <array>

namespace recorte::fits {

bool is_remote(std::string_view path) {
  static constexpr std::array<std::string_view, 3> kSchemes{"https://", "http://", "s3://"};
  return std::ranges::any_of(kSchemes,
                             [&](std::string_view scheme) { return path.starts_with(scheme); });
}

std::string shown_uri(std::string_view uri) {
  return std::string(is_remote(uri) ? uri.substr(0, uri.find('?')) : uri);
}

}  // namespace recorte::fits
