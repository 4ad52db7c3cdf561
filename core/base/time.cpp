// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/time.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>

namespace recorte {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr Micros kDay = 86'400 * kSecond;
constexpr double kUnixEpochMjd = 40587;
constexpr double kLongest = 9e18;  // microseconds that fit, and a little to spare

struct Civil {
  int year, month, day, hour, minute, second, micro;
};

Civil civil(Micros time) {
  using namespace std::chrono;
  const sys_time<microseconds> point{microseconds(time)};
  const auto day = floor<days>(point);
  const year_month_day date(day);
  const hh_mm_ss clock(point - day);
  return {int(date.year()),
          int(unsigned(date.month())),
          int(unsigned(date.day())),
          int(clock.hours().count()),
          int(clock.minutes().count()),
          int(clock.seconds().count()),
          int(clock.subseconds().count())};
}

/// Digits and nothing else.
std::optional<int> number_of(std::string_view digits) {
  if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos) return {};
  return static_cast<int>(*to_int(digits));
}

}  // namespace

Micros now_micros() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t monotonic_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

Micros steady_micros() {
  using namespace std::chrono;
  return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string fits_date(Micros time) {
  const auto c = civil(time);
  std::array<char, 80> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day,
                c.hour, c.minute, c.second);
  return text.data();
}

std::string iso_time(Micros time) {
  std::array<char, 16> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%06dZ", civil(time).micro);
  return fits_date(time) + fraction.data();
}

double mjd(Micros time) { return kUnixEpochMjd + static_cast<double>(time) / kDay; }

Result<double> mjd_from_iso(std::string_view text) {
  const auto whole = trim(text);
  auto rest = whole;
  if (rest.ends_with('Z')) rest.remove_suffix(1);
  bool good = true;
  auto field = [&](std::size_t digits) {
    const auto value = number_of(rest.substr(0, digits));
    good = good && rest.size() >= digits && value;
    rest.remove_prefix(std::min(digits, rest.size()));
    return value.value_or(0);
  };
  auto mark = [&](std::string_view any) {
    good = good && !rest.empty() && any.find(rest[0]) != any.npos;
    if (!rest.empty()) rest.remove_prefix(1);
  };
  using namespace std::chrono;
  const auto y = year(field(4));
  mark("-");
  const auto m = month(static_cast<unsigned>(field(2)));
  mark("-");
  const year_month_day date{y, m, day(static_cast<unsigned>(field(2)))};
  int hour = 0;
  int minute = 0;
  double second = 0;
  if (!rest.empty()) {
    mark("T ");
    hour = field(2);
    mark(":");
    minute = field(2);
  }
  if (!rest.empty()) {
    mark(":");
    good = good && rest.find_first_not_of("0123456789.") == rest.npos;
    second = to_double(rest).value_or(INFINITY);
  }
  if (!good || !date.ok() || hour > 23 || minute > 59 || second >= 61)
    return fail(
        ErrorCode::kUsage,
        "'" + std::string(text) + "' is not a time; write it as 2026-11-22T14:12:46 or as an MJD");
  const auto days = sys_days(date).time_since_epoch().count();
  return kUnixEpochMjd + static_cast<double>(days) + (hour * 3600 + minute * 60 + second) / 86400;
}

Result<Micros> parse_duration(std::string_view text) {
  constexpr std::string_view units = "dhms";
  constexpr std::array<Micros, 4> length{kDay, 3600 * kSecond, 60 * kSecond, kSecond};
  auto rest = trim(text);
  Micros total = 0;
  std::size_t least = 0;
  while (!rest.empty()) {
    const auto at = rest.find_first_of(units);
    const auto value = at == rest.npos ? std::nullopt : to_double(rest.substr(0, at));
    const auto unit = at == rest.npos ? units.size() : units.find(rest[at]);
    if (!value || !(*value >= 0) || unit < least) break;
    const double sum = static_cast<double>(total) + *value * static_cast<double>(length[unit]);
    if (!(sum < kLongest)) break;
    total += std::llround(*value * static_cast<double>(length[unit]));
    least = unit + 1;
    rest.remove_prefix(at + 1);
  }
  if (!rest.empty() || trim(text).empty())
    return fail(ErrorCode::kUsage,
                "'" + std::string(text) + "' is not a duration; write it as 540d or 4h30m20s");
  return total;
}

Result<Micros> parse_moment(std::string_view text, Micros now) {
  if (const auto age = parse_duration(text)) return now - *age;
  const auto mjd = mjd_from_iso(text);
  if (!mjd)
    return fail(ErrorCode::kUsage, "'" + std::string(text) +
                                       "' is no time; write 7d for a week ago, or "
                                       "2026-11-22T14:00:00");
  return std::llround((*mjd - kUnixEpochMjd) * static_cast<double>(kDay));
}

}  // namespace recorte
