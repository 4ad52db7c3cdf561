/// What all rules together say of a user who asks for something. Pure: what is used and the time
/// come in as arguments.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/quota/rules.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace recorte::quota {

enum class Answer : std::uint8_t { kYes, kWait, kNo };
struct Verdict {
  Answer answer = Answer::kYes;
  std::vector<Standing> broken;  ///< by the rules that say no, or not now
  std::string why;               ///< their sentences
  Micros until = 0;              ///< kWait: when the last of them renews
};
/// kWait where time alone makes room for it: it fits into the limit, and that renews.
Verdict judge(const Limits& limits, const job::Usage& usage, const Ask& ask, Micros now);
/// Of one who is turned away: what is used, the limit, when it renews. kForbidden; kRateLimited,
/// with the seconds, where waiting helps.
Error refusal(const Verdict& verdict, Micros now);
/// By every rule that has a limit.
std::vector<Standing> standings(const Limits& limits, const job::Usage& usage, Micros now);
/// How many more cutouts the rules leave, 0 or more; kUnlimited where none has a limit.
std::int64_t cutouts_left(const Limits& limits, const job::Usage& usage);

}  // namespace recorte::quota
