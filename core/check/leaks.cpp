// SPDX-License-Identifier: BSD-3-Clause
#include "core/check/leaks.hpp"

#include "core/base/text.hpp"
#include "core/check/process_state.hpp"

#include <algorithm>
#include <cstddef>

namespace recorte::check {

Verdict leaves_nothing(const std::function<std::string()>& round, const std::string& doing) {
  constexpr std::size_t kLeak = 1U << 16;  // bytes, over all rounds
  constexpr int kRounds = 30;
  for (int i = 0; i < 5; ++i) round();  // what is made once and kept
  const auto bytes = allocated_bytes();
  const auto before = ProcessState::now();
  for (int i = 0; i < kRounds; ++i)
    if (auto wrong = round(); !wrong.empty()) return not_ok(wrong);
  const auto more = allocated_bytes() - std::min(bytes, allocated_bytes());
  if (const auto changes = ProcessState::now().changes(before); !changes.empty())
    return not_ok("after " + std::to_string(kRounds) + " rounds: " + join(changes, "; "));
  if (more > kLeak)
    return not_ok("it takes " + std::to_string(more / kRounds) +
                  " bytes more each time that it is " + doing);
  return ok();
}

}  // namespace recorte::check
