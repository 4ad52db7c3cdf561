/// What a supervisor and its worker say to each other through the channel, as bytes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/plugin/stage.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::worker {

enum class Operation : std::uint8_t { kDescribe, kLocate, kRun, kCover, kLoad };

/// `call` is a number that the reply bears too.
struct Question {
  std::uint64_t call = 0;
  Operation operation = Operation::kDescribe;
  /// A survey's id; of kLoad, the path of a library, "" for none; of the others, a task
  /// (cutout/task.hpp).
  std::string body;
};

struct Reply {
  std::uint64_t call = 0;
  /// JSON text; of kRun, a report (cutout/task.hpp); of kCover, a byte an item (cutout/cover.hpp);
  /// of kLoad, nothing.
  Result<std::string> body;
  std::vector<plugin::Fault> faults = {};  ///< of the plugins that were called for it
};

std::string encode(const Question& question);
std::string encode(const Reply& reply);
/// nullopt for bytes that are none.
std::optional<Question> decode_question(std::string_view bytes);
std::optional<Reply> decode_reply(std::string_view bytes);

}  // namespace recorte::worker
