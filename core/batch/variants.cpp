// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/variants.hpp"

#include "core/base/size.hpp"
#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace recorte::batch {
namespace {

constexpr std::array<std::string_view, 3> kMultiplying{"survey", "bands", "format"};

/// "5000 of survey times 300 of bands"
std::string said(std::span<const Factor> factors) {
  std::string out;
  for (const auto& [name, values] : factors)
    if (values > 1)
      out += (out.empty() ? "" : " times ") + std::to_string(values) + " of " + std::string(name);
  return out;
}

/// About what they take in memory.
std::size_t bytes_of(const Values& values) {
  std::size_t out = 0;
  for (const auto& [name, value] : values)
    out += sizeof name + name.size() + sizeof value + value.size();
  return out;
}

}  // namespace

std::vector<std::string> distinct(const std::vector<std::string>& values) {
  std::vector<std::string> out;
  std::set<std::string_view> seen;
  for (const auto& value : values)
    if (seen.insert(value).second) out.push_back(value);
  return out;
}

Status check_variants(std::span<const Factor> factors, const Values& common) {
  std::size_t variants = 1;
  for (const auto& factor : factors) {
    const auto values = std::max<std::size_t>(factor.values, 1);
    if (values > kMostVariants / variants)
      return fail(ErrorCode::kTooLarge, "the values that are repeated, " + said(factors) +
                                            ", make too many variants of each position; a job may "
                                            "have " +
                                            std::to_string(kMostVariants) +
                                            ": ask for fewer, or split it into several jobs");
    variants *= values;
  }
  if (const auto each = bytes_of(common); each > kMostVariantBytes / variants)
    return fail(ErrorCode::kTooLarge,
                std::to_string(variants) + " variants (" + said(factors) + ") with " +
                    size_text(static_cast<std::int64_t>(each)) +
                    " of other parameters each are more than the " +
                    size_text(static_cast<std::int64_t>(kMostVariantBytes)) +
                    " that a job may have; ask for fewer, or split it into several jobs");
  return {};
}

void multiply(std::vector<Values>& variants, std::string_view name,
              const std::vector<std::string>& values) {
  if (values.empty()) return;
  std::vector<Values> out;
  out.reserve(variants.size() * values.size());
  for (const auto& variant : variants)
    for (const auto& value : values) {
      out.push_back(variant);
      out.back().emplace_back(name, value);
    }
  variants = std::move(out);
}

Result<std::vector<Values>> variants_of(const Values& values) {
  std::array<std::vector<std::string>, kMultiplying.size()> several;
  Values common;
  for (const auto& [name, value] : values) {
    const auto at = std::ranges::find_if(
        kMultiplying, [&name = name](auto n) { return equal_ignoring_case(n, name); });
    if (at == kMultiplying.end())
      common.emplace_back(name, value);
    else
      several[static_cast<std::size_t>(at - kMultiplying.begin())].push_back(value);
  }
  std::array<Factor, kMultiplying.size()> factors;
  for (std::size_t i = 0; i < several.size(); ++i) {
    several[i] = distinct(several[i]);
    factors[i] = {kMultiplying[i], several[i].size()};
  }
  RECORTE_TRY(check_variants(factors, common));
  std::vector<Values> out{std::move(common)};
  for (std::size_t i = 0; i < several.size(); ++i) multiply(out, kMultiplying[i], several[i]);
  return out;
}

}  // namespace recorte::batch
