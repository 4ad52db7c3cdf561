// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/interval.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"

#include <cmath>

namespace recorte::cutout {
namespace {

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

/// `of` is what it is an interval of, `limits` what its limits are.
template <class Limit>
Result<Interval> parse(std::string_view text, const std::string& of, const std::string& limits,
                       Limit&& limit) {
  const auto slash = text.find('/');
  const auto parts = slash == text.npos
                         ? split_blanks(text)
                         : std::vector<std::string>{std::string(text.substr(0, slash)),
                                                    std::string(text.substr(slash + 1))};
  if (parts.empty() || parts.size() > 2)
    return fail(ErrorCode::kUsage, quoted(text) + " is not a " + of + " interval; write two " +
                                       limits + " with a blank or a slash between them");
  const Result<double> from = limit(parts.front());
  if (!from) return fail(from.error());
  const Result<double> to = limit(parts.back());
  if (!to) return fail(to.error());
  if (*from == INFINITY || *to == -INFINITY)
    return fail(ErrorCode::kUsage, "the " + of + " interval " + quoted(text) + " holds no " + of);
  if (*from > *to)
    return fail(ErrorCode::kUsage,
                "the " + of + " interval " + quoted(text) + " ends before it begins");
  return Interval{*from, *to};
}

}  // namespace

Result<Interval> parse_time_interval(std::string_view text) {
  return parse(text, "time", "MJD or ISO times", [](std::string_view limit) -> Result<double> {
    if (const auto number = to_double(limit); number && !std::isnan(*number)) return *number;
    return mjd_from_iso(limit);
  });
}

Result<Interval> parse_wavelength_interval(std::string_view text) {
  return parse(text, "wavelength", "numbers of metres",
               [](std::string_view limit) -> Result<double> {
                 const auto number = to_double(limit);
                 if (number && !std::isnan(*number)) return *number;
                 return fail(ErrorCode::kUsage,
                             quoted(limit) + " is not a wavelength; write metres, such as 5.5e-7");
               });
}

std::string interval_text(Interval interval) {
  if (std::isinf(interval.from) && std::isinf(interval.to)) return "";
  return number_text(interval.from) + " " + number_text(interval.to);
}

}  // namespace recorte::cutout
