// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/notation.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

namespace recorte::page {
namespace {

constexpr std::size_t kQuoted = 80;  // characters of what was typed that a sentence repeats
constexpr std::string_view kMinus = "\u2212";  // which papers print
constexpr double kGrain = 1e8;

using Halves = std::pair<std::string, std::string>;

std::string with_plain_minus(std::string_view text) {
  std::string out(trim(text));
  for (auto at = out.find(kMinus); at != out.npos; at = out.find(kMinus))
    out.replace(at, kMinus.size(), "-");
  return out;
}

/// Splits at the comma, else before the sign of the declination, else in the middle of the words.
std::optional<Halves> halves(const std::string& text) {
  if (const auto parts = split(text, ','); parts.size() > 1)
    return parts.size() == 2 ? std::optional(Halves(parts[0], parts[1])) : std::nullopt;
  for (std::size_t i = 1; i < text.size(); ++i)
    if ((text[i] == '+' || text[i] == '-') && text[i - 1] != 'e' && text[i - 1] != 'E')
      return Halves(text.substr(0, i), text.substr(i));
  const auto words = split_blanks(text);
  if (words.empty() || words.size() % 2 != 0) return {};
  const auto middle = words.begin() + static_cast<std::ptrdiff_t>(words.size() / 2);
  return Halves(join({words.begin(), middle}, " "), join({middle, words.end()}, " "));
}

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// Letters beyond the marks of hours, degrees, minutes, seconds and exponents.
bool looks_like_a_name(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) && std::string_view("hdmse").find(c) == std::string_view::npos;
  });
}

struct Scaled {
  double value;
  std::string_view unit, sign;
};

Scaled scaled(const Extent& extent) {
  if (extent.unit == Extent::Unit::kPixel) return {extent.value, "px", " px"};
  // A size a hair below 1 of its unit was 1 of it before rounding.
  constexpr double kAlmost = 1 - 1e-9;
  if (extent.value >= kAlmost) return {extent.value, "deg", "°"};
  if (extent.value * 60 >= kAlmost) return {extent.value * 60, "arcmin", "′"};
  return {extent.value * 3600, "arcsec", "″"};
}

std::string digits(double value, int count) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.*g", count, value);
  return out.data();
}

}  // namespace

Result<sky::Position> read_position(std::string_view text) {
  const auto plain = with_plain_minus(text);
  const auto quoted = "'" + plain.substr(0, kQuoted) + (plain.size() > kQuoted ? "…" : "") + "'";
  if (looks_like_a_name(plain))
    return fail(ErrorCode::kUsage, quoted +
                                       " is not a position, and names of objects are not "
                                       "looked up; write right ascension and declination, "
                                       "such as 150.1 2.2 or 10:00:24 +02:12:00");
  const auto parts = halves(plain);
  if (!parts || plain.size() > kQuoted)
    return fail(ErrorCode::kUsage, quoted +
                                       " is not a position; write right ascension and "
                                       "declination, such as 150.1 2.2 or "
                                       "10:00:24 +02:12:00");
  const auto ra = parse_ra(parts->first);
  if (!ra) return fail(ra.error());
  const auto dec = parse_dec(parts->second);
  if (!dec) return fail(dec.error());
  return sky::Position{*ra, *dec};
}

std::string degrees_text(double degrees) {
  const double rounded = std::round(degrees * kGrain) / kGrain;
  return number_text(rounded == 0 ? 0.0 : rounded);
}

std::string position_text(const sky::Position& position) {
  return degrees_text(position.ra) + " " + degrees_text(position.dec);
}

std::string sexagesimal_text(const sky::Position& position) {
  // Whole hundredths of a second of time and tenths of an arcsecond: no 60.00 in any field.
  const auto ra = std::llround(position.ra / 15 * 360'000) % (24 * 360'000);
  const auto dec = std::llround(std::abs(position.dec) * 36'000);
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%02lld:%02lld:%02lld.%02lld %c%02lld:%02lld:%02lld.%lld",
                ra / 360'000, ra / 6'000 % 60, ra / 100 % 60, ra % 100,
                position.dec < 0 && dec > 0 ? '-' : '+', dec / 36'000, dec / 600 % 60,
                dec / 10 % 60, dec % 10);
  return out.data();
}

std::string size_text(const Extent& extent) {
  const auto s = scaled(extent);
  return digits(s.value, 6) + std::string(s.unit);
}

std::string size_label(const Extent& extent) {
  const auto s = scaled(extent);
  return digits(s.value, 4) + std::string(s.sign);
}

}  // namespace recorte::page
