// SPDX-License-Identifier: BSD-3-Clause
#include "core/quota/verdict.hpp"

#include <algorithm>

namespace recorte::quota {
namespace {

constexpr Micros kSecond = 1'000'000;

}  // namespace

Verdict judge(const Limits& limits, const job::Usage& usage, const Ask& ask, Micros now) {
  Verdict out;
  for (const auto& rule : rules()) {
    const auto limit = rule->limit(limits);
    const auto wanted = rule->wanted(ask);
    if (!limit || wanted <= 0 || rule->used(usage) <= *limit - wanted) continue;
    const Standing standing{rule->name(), rule->used(usage), *limit, wanted, rule->renews(now)};
    const bool waits = standing.renews > 0 && wanted <= *limit;
    out.answer = std::max(out.answer, waits ? Answer::kWait : Answer::kNo);
    out.why += (out.why.empty() ? "" : "; and ") + rule->sentence(standing);
    out.until = std::max(out.until, standing.renews);
    out.broken.push_back(standing);
  }
  if (out.answer == Answer::kNo) out.until = 0;
  return out;
}

Error refusal(const Verdict& verdict, Micros now) {
  Error out{ErrorCode::kForbidden, verdict.why};
  if (verdict.answer != Answer::kWait) return out;
  out.code = ErrorCode::kRateLimited;
  out.retry_s = std::max<std::int64_t>(1, (verdict.until - now + kSecond - 1) / kSecond);
  return out;
}

std::vector<Standing> standings(const Limits& limits, const job::Usage& usage, Micros now) {
  std::vector<Standing> out;
  for (const auto& rule : rules())
    if (const auto limit = rule->limit(limits))
      out.push_back({rule->name(), rule->used(usage), *limit, 0, rule->renews(now)});
  return out;
}

std::int64_t cutouts_left(const Limits& limits, const job::Usage& usage) {
  auto left = kUnlimited;
  for (const auto& rule : rules()) {
    const auto limit = rule->limit(limits);
    const auto of_one = rule->wanted({.cutouts = 1});
    if (!limit || of_one == 0) continue;
    const auto room = std::max<std::int64_t>(0, *limit - rule->used(usage));
    const bool by_number = rule->wanted({.cutouts = 2}) > of_one;
    if (by_number || room < of_one) left = std::min(left, room);
  }
  return left;
}

}  // namespace recorte::quota
