// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/size.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace recorte {
namespace {

constexpr std::array<std::string_view, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};

}  // namespace

Result<std::int64_t> parse_size(std::string_view text) {
  const auto refuse = [&] {
    return fail(ErrorCode::kUsage, "'" + std::string(text) +
                                       "' is not a size; write it as 64KiB, 512MiB or 2GiB, or as "
                                       "a number of bytes");
  };
  const auto whole = trim(text);
  const auto end = std::min(whole.find_first_not_of("0123456789."), whole.size());
  const auto number = whole.substr(0, end);
  const auto unit = trim(whole.substr(end));
  const auto found = std::find_if(kUnits.begin(), kUnits.end(), [&](std::string_view known) {
    return equal_ignoring_case(unit, known);
  });
  if (!unit.empty() && found == kUnits.end()) return refuse();
  const auto shift = unit.empty() ? 0 : 10 * (found - kUnits.begin());
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  if (const auto count = to_int(number)) {
    if (*count > kMost >> shift) return refuse();
    return *count << shift;
  }
  const auto count = to_double(number);
  const double bytes = count ? std::ldexp(*count, static_cast<int>(shift)) : NAN;
  if (!(bytes < 9e18)) return refuse();
  return std::llround(bytes);
}

std::string size_text(std::int64_t bytes) {
  std::size_t unit = 0;
  while (unit + 1 < kUnits.size() && bytes != 0 && bytes % 1024 == 0) bytes /= 1024, ++unit;
  return std::to_string(bytes) + (unit == 0 ? "" : std::string(kUnits[unit]));
}

}  // namespace recorte
