/// A child process that is thrown away: a plugin may crash, hang, end or spoil it as it likes. What
/// it says comes back through shared memory, which no descriptor leads to.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace recorte::check {

struct Limits {
  std::int64_t timeout_ms = 20'000;
  std::uint64_t memory = 2ULL << 30;  ///< RLIMIT_DATA, bytes
};

struct Ended {
  std::optional<std::string> answer;  ///< what the body returned, if it came so far
  /// Why it did not, or what went wrong after it: "it crashed (SIGSEGV) while …"; else empty.
  std::string trouble;
  std::string printed;  ///< on standard output
  std::string said;     ///< on standard error
};

/// Says what is being done, for the sentence about a crash.
using Stage = std::function<void(std::string_view)>;

/// How the child ends once its body has returned.
enum class Ending {
  kAtOnce,   ///< nothing of the plugin runs any more
  kOrderly,  ///< by exit(): destructors of libraries run
};

/// Runs `body` in a child of this process, which must have one thread.
Result<Ended> in_child(const Limits& limits, Ending ending,
                       const std::function<std::string(const Stage&)>& body);

}  // namespace recorte::check
