/// What came of one attempt to tell somebody something. Whether and when it is made again is the
/// caller's: nothing in this folder waits between two attempts.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <atomic>
#include <filesystem>
#include <string>

namespace recorte::net {

enum class Outcome {
  kSent,
  kLater,    ///< the other side asks to be tried again
  kAway,     ///< nobody could be reached: neither can anybody else there
  kRefused,  ///< for ever
};

struct Delivery {
  Outcome outcome = Outcome::kSent;
  std::string why;  ///< a sentence, of all but kSent; holds no secret
};

/// What bounds an attempt.
struct Bounds {
  Micros connect = 10'000'000, whole = 30'000'000;
  std::size_t answer = 64 << 10;            ///< bytes that the other side may say
  std::filesystem::path ca;                 ///< certificates to trust; "": the system's
  const std::atomic<bool>* stop = nullptr;  ///< ends it within a second; may be null
};

}  // namespace recorte::net
