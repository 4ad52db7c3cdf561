// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "server/http/parameters.hpp"
#include "server/http/syntax.hpp"

#include <algorithm>

namespace recorte::http {
namespace {

bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

tl::unexpected<Error> broken(std::string_view path, std::string_view why) {
  return fail(ErrorCode::kUsage, "the path '" + excerpt(path) + "' " + std::string(why));
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, end);
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(end);
  }
  return false;
}

Result<std::string> decoded_path(std::string_view path) {
  std::string raw;
  for (const char c : path) {
    // In a path + is a plus; url_decode reads it as forms do, as a blank.
    if (c == '+') {
      raw += "%2B";
    } else {
      raw += c;
    }
  }
  auto decoded = url_decode(raw);
  if (!decoded) return broken(path, "has a broken escape; write a percent sign as %25");
  if (std::any_of(decoded->begin(), decoded->end(), control))
    return broken(path, "holds a control character; remove it");
  if (has_dot_segment(*decoded))
    return broken(path, "has a segment '.' or '..'; write the path that is meant");
  return std::move(*decoded);
}

/// Takes "http://host" off an absolute-form; its host counts, not the Host header's (RFC 9112,
/// 3.2.2).
Status take_authority(std::string_view& target, Request& request) {
  const auto end = target.find("://");
  const auto scheme = target.substr(0, end);
  if (end == target.npos ||
      !(equal_ignoring_case(scheme, "http") || equal_ignoring_case(scheme, "https")))
    return broken(target, "does not begin with '/'; put one before it");
  target.remove_prefix(end + 3);
  const auto authority = target.substr(0, target.find_first_of("/?"));
  if (authority.empty() || authority.find('@') != authority.npos)
    return fail(ErrorCode::kUsage,
                "'" + excerpt(authority) + "' is no host; write the URL as http://host/path");
  request.headers.set("Host", std::string(authority));
  target.remove_prefix(authority.size());
  return {};
}

}  // namespace

Status take_target(std::string_view target, Request& request) {
  if (target == "*" && request.method == "OPTIONS") {
    request.path = "*";
    request.query.clear();
    return {};
  }
  if (std::any_of(target.begin(), target.end(), control) ||
      target.find_first_of(" #") != target.npos)
    return broken(target, "holds a blank, a '#' or a control character; write it as an escape");
  bool rootless = false;
  if (!target.starts_with('/')) {
    RECORTE_TRY(take_authority(target, request));
    rootless = !target.starts_with('/');
  }
  const auto question = target.find('?');
  auto path = decoded_path(target.substr(0, question));
  if (!path) return fail(std::move(path).error());
  request.path = rootless ? "/" + *path : std::move(*path);
  request.query = question == target.npos ? "" : std::string(target.substr(question + 1));
  return {};
}

}  // namespace recorte::http
