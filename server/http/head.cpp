// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/head.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace recorte::http {
namespace {

/// Fields that only the edge can know; a handler's are left out.
constexpr std::array<std::string_view, 11> kOurs{
    "Connection",      "Content-Length",    "Date",    "Keep-Alive",   "Server",
    "Trailer",         "Transfer-Encoding", "Upgrade", "X-Request-Id", "Traceparent",
    "Proxy-Connection"};

bool ours(std::string_view name) {
  return std::ranges::any_of(kOurs, [&](auto own) { return equal_ignoring_case(own, name); });
}

bool token(std::string_view name) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != marks.npos;
  });
}

/// Without control characters, which could end the line: a blank stands for each.
void add_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  const auto at = out.size();
  out.append(value);
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(at), out.end(),
      [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }, ' ');
  out.append("\r\n");
}

/// The time of now, made once a second and thread.
const std::string& date_now() {
  thread_local std::int64_t second = -1;
  thread_local std::string text;
  if (const auto now = now_micros() / 1'000'000; now != second) {
    second = now;
    text = http_date(now);
  }
  return text;
}

std::string_view reason(int status) {
  namespace beast = boost::beast::http;
  const auto known = beast::int_to_status(static_cast<unsigned>(status));
  if (known == beast::status::unknown) return "";
  const auto text = beast::obsolete_reason(known);
  return {text.data(), text.size()};
}

}  // namespace

std::string http_date(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr std::array days_of_week{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months_of_year{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds point{std::chrono::seconds(seconds)};
  const auto day = floor<days>(point);
  const year_month_day date(day);
  const hh_mm_ss clock(point - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                days_of_week.at(weekday(day).c_encoding()), unsigned(date.day()),
                months_of_year.at(unsigned(date.month()) - 1), int(date.year()),
                int(clock.hours().count()), int(clock.minutes().count()),
                int(clock.seconds().count()));
  return text.data();
}

std::string head_text(const Response& response, const HeadFacts& facts) {
  std::string out;
  out.reserve(512);
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(reason(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers)
    if (token(name) && !ours(name)) add_field(out, name, value);
  if (facts.length) add_field(out, "Content-Length", std::to_string(*facts.length));
  if (facts.chunked) add_field(out, "Transfer-Encoding", "chunked");
  add_field(out, "Date", date_now());
  if (!facts.keep_alive)
    add_field(out, "Connection", "close");
  else if (facts.said_so)
    add_field(out, "Connection", "keep-alive");
  add_field(out, "Server", "recorte");
  if (!facts.id.empty()) add_field(out, "X-Request-Id", facts.id);
  if (!facts.traceparent.empty()) add_field(out, "traceparent", facts.traceparent);
  return out.append("\r\n");
}

}  // namespace recorte::http
