// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/trace.hpp"

namespace recorte::http {
namespace {

bool lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == text.npos;
}
bool zero(std::string_view text) { return text.find_first_not_of('0') == text.npos; }

/// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"; a later version may go on after it.
bool valid(std::string_view text) {
  if (text.size() < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const auto version = text.substr(0, 2);
  if (!lower_hex(version) || version == "ff") return false;
  if (text.size() > 55 && (version == "00" || text[55] != '-')) return false;
  const auto trace = text.substr(3, 32);
  const auto parent = text.substr(36, 16);
  return lower_hex(trace) && !zero(trace) && lower_hex(parent) && !zero(parent) &&
         lower_hex(text.substr(53, 2));
}

}  // namespace

std::string continue_trace(const Headers& headers, std::string_view trace_id,
                           std::string_view parent_id) {
  std::string_view flags = "00";
  // Several are joined by a comma, and then none of them counts.
  const auto incoming = headers.joined("traceparent").value_or("");
  if (valid(incoming)) {
    trace_id = std::string_view(incoming).substr(3, 32);
    flags = std::string_view(incoming).substr(53, 2);
  }
  std::string out = "00-";
  out.append(trace_id).append("-").append(parent_id).append("-").append(flags);
  return out;
}

}  // namespace recorte::http
