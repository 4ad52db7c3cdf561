/// Messages between a supervisor and its worker over a stream socket pair: a length, a text, and
/// sometimes a descriptor that travels with it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <cstdint>
#include <string>

namespace recorte::worker {

/// A message past this is refused at either end.
inline constexpr std::uint32_t kMaxMessage = 256U << 20;

struct Message {
  std::string text;
  Fd descriptor;  ///< none unless one was sent
};

/// Waits until `deadline_ms` (monotonic; 0: for ever) where the other side does not read. kTimeout
/// past it, kUnavailable when the other side is gone, kTooLarge for what is past kMaxMessage.
Status send(int socket, const std::string& text, int descriptor = -1, std::int64_t deadline_ms = 0);
/// Whether something (a message, or the end) can be received before `deadline_ms` (monotonic).
bool wait_readable(int socket, std::int64_t deadline_ms);
/// Waits until `deadline_ms` (monotonic; 0: for ever). kTimeout past it, kUnavailable when the
/// other side is gone.
Result<Message> receive(int socket, std::int64_t deadline_ms = 0);

}  // namespace recorte::worker
