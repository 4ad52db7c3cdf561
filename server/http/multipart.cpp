// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/multipart.hpp"

#include "core/base/text.hpp"
#include "server/http/syntax.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace recorte::http {
namespace {

constexpr std::string_view kLine = "\r\n";

tl::unexpected<Error> broken(std::string message) {
  return fail(ErrorCode::kUsage, "the multipart body is broken: " + std::move(message));
}

/// RFC 2046, 5.1.1.
bool valid_boundary(std::string_view boundary) {
  constexpr std::string_view allowed =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ";
  return !boundary.empty() && boundary.size() <= 70 && boundary.back() != ' ' &&
         boundary.find_first_not_of(allowed) == boundary.npos;
}

/// Browsers write a quote and a line's end in a name as escapes, and nothing else.
std::string unescaped(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, char>, 3> escapes{
      {{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}}};
  std::string out;
  while (!name.empty()) {
    const auto escape = std::ranges::find_if(
        escapes, [name](const auto& each) { return name.starts_with(each.first); });
    out += escape == escapes.end() ? name.front() : escape->second;
    name.remove_prefix(escape == escapes.end() ? 1 : escape->first.size());
  }
  return out;
}

/// The name of a part, from its headers; the end of the boundary's line stands before them.
Result<std::string> part_name(std::string_view head) {
  std::optional<std::string> name;
  while (!head.empty()) {
    const auto line = head.substr(0, head.find(kLine));
    head.remove_prefix(std::min(line.size() + kLine.size(), head.size()));
    if (line.empty()) continue;
    const auto colon = line.find(':');
    if (colon == line.npos)
      return broken("'" + excerpt(line) + "' is no header of a part; write name: value");
    const auto field = trim(line.substr(0, colon));
    const auto value = trim(line.substr(colon + 1));
    if (equal_ignoring_case(field, "Content-Disposition") &&
        equal_ignoring_case(trim(value.substr(0, value.find(';'))), "form-data")) {
      name = field_parameter(value, "name");
    } else if (equal_ignoring_case(field, "Content-Transfer-Encoding") &&
               !equal_ignoring_case(value, "binary") && !equal_ignoring_case(value, "7bit") &&
               !equal_ignoring_case(value, "8bit")) {
      return broken("a part has Content-Transfer-Encoding '" + excerpt(value) +
                    "'; send its bytes as they are");
    }
  }
  if (!name)
    return broken("a part has no name; give it Content-Disposition: form-data; name=\"...\"");
  return unescaped(*name);
}

}  // namespace

Status read_multipart(std::string_view content_type, std::string_view body,
                      const std::function<Status(std::string name, std::string content)>& take) {
  const auto boundary = field_parameter(content_type, "boundary");
  if (!boundary || !valid_boundary(*boundary))
    return broken("its Content-Type '" + excerpt(content_type) +
                  "' has no boundary; add boundary=... of 1 to 70 characters");
  const auto missing = [&] {
    return broken("it ends before its last boundary; end it with --" + excerpt(*boundary) + "--");
  };
  const std::string delimiter = "\r\n--" + *boundary;
  // The first boundary may begin the body; what stands before it is a preamble.
  std::size_t at = 0;
  if (body.starts_with(std::string_view(delimiter).substr(kLine.size()))) {
    at = delimiter.size() - kLine.size();
  } else {
    at = body.find(delimiter);
    if (at == body.npos) return missing();
    at += delimiter.size();
  }
  body.remove_prefix(at);
  while (!body.starts_with("--")) {
    body.remove_prefix(std::min(body.find_first_not_of(" \t"), body.size()));
    if (body.empty()) return missing();
    if (!body.starts_with(kLine))
      return broken("'" + excerpt(body) + "' follows a boundary; end the line there");
    // An empty line ends the headers; its own end may be the next boundary's.
    const auto head = body.substr(0, body.find("\r\n\r\n"));
    const auto end = body.find(delimiter, head.size() + kLine.size());
    if (end == body.npos) return missing();
    auto name = part_name(head);
    if (!name) return fail(std::move(name).error());
    auto content = body.substr(0, end);
    content.remove_prefix(std::min(head.size() + 2 * kLine.size(), end));
    RECORTE_TRY(take(std::move(*name), std::string(content)));
    body.remove_prefix(end + delimiter.size());
  }
  return {};
}

}  // namespace recorte::http
