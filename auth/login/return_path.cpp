// SPDX-License-Identifier: BSD-3-Clause
#include "auth/login/return_path.hpp"

#include <algorithm>

namespace recorte::auth {

std::string own_path(std::string_view path) {
  constexpr std::size_t kLongest = 1'000;
  const std::string home = "/";
  if (!path.starts_with('/') || path.size() > kLongest) return home;
  // Browsers read "//host" and "/\host" as another host, and pass over blanks and tabs.
  if (path.starts_with("//")) return home;
  if (!std::ranges::all_of(path, [](char c) { return c > ' ' && c < 0x7F && c != '\\'; }))
    return home;
  const auto page = path.substr(0, path.find_first_of("?#"));
  if (page == "/login" || page.starts_with("/login/") || page == "/logout") return home;
  return std::string(path);
}

}  // namespace recorte::auth
