// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/version.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace recorte::plugin {
namespace {

constexpr Version kEnd{std::numeric_limits<std::int64_t>::max(), 0, 0};
constexpr std::string_view kForms =
    "write conditions such as \">=1.2,<2\", \"1.2\" (any 1.2.x) or \"=1.2.3\"";

/// One to three numbers between dots: the first version that begins so, and the first after all of
/// them.
struct Stretch {
  Version from, to;
};

std::optional<Stretch> stretch(std::string_view text) {
  const auto fields = split(text, '.');
  if (fields.empty() || fields.size() > 3 || text.find(' ') != text.npos) return {};
  std::array<std::int64_t, 3> numbers{};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto& field = fields[i];
    if (field.empty() || field.size() > 9 || field.find_first_not_of("0123456789") != field.npos)
      return {};
    numbers[i] = *to_int(field);
  }
  Stretch out{{numbers[0], numbers[1], numbers[2]}, {}};
  ++numbers[fields.size() - 1];
  out.to = {numbers[0], numbers[1], numbers[2]};
  return out;
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  if (std::ranges::count(text, '.') != 2) return {};
  const auto found = stretch(text);
  return found ? std::optional(found->from) : std::nullopt;
}

Result<VersionRange> VersionRange::parse(std::string_view text) {
  VersionRange out;
  out.text_ = trim(text);
  out.to_ = kEnd;
  const auto conditions = split(text, ',');
  if (conditions.empty())
    return fail(ErrorCode::kUsage, "there is no version in it; " + std::string(kForms));
  for (const auto& condition : conditions) {
    const auto number = condition.find_first_not_of("<>=");
    const auto sign = condition.substr(0, number);
    const auto named =
        number == condition.npos ? std::nullopt : stretch(trim(condition.substr(number)));
    const bool known = sign.empty() || sign == "=" || sign == "==" || sign == ">=" || sign == ">" ||
                       sign == "<" || sign == "<=";
    if (!known || !named)
      return fail(ErrorCode::kUsage,
                  "'" + condition + "' is no condition on a version; " + std::string(kForms));
    auto from = Version{};
    auto to = kEnd;
    if (sign == ">=")
      from = named->from;
    else if (sign == ">")
      from = named->to;
    else if (sign == "<")
      to = named->from;
    else if (sign == "<=")
      to = named->to;
    else
      from = named->from, to = named->to;
    out.from_ = std::max(out.from_, from);
    out.to_ = std::min(out.to_, to);
  }
  if (out.from_ >= out.to_)
    return fail(ErrorCode::kUsage,
                "no version can meet '" + out.text_ + "': its conditions exclude each other");
  return out;
}

}  // namespace recorte::plugin
