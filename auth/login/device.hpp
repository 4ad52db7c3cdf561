/// The device flow (RFC 8628): a terminal shows a code, its user types it at the provider, and the
/// terminal asks until that is done. Whoever asks holds all that is to be known of it, signed, so
/// that nothing is kept here but when they last asked.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/identity.hpp"
#include "core/account/keys.hpp"
#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace recorte::auth {

/// One that has begun, for the terminal.
struct Device {
  std::string handle;  ///< secret: whoever has it gets the token
  std::string user_code, verification_uri;
  std::string complete_uri;  ///< with the code in it; "": there is none
  std::int64_t expires_s = 0, interval_s = 5;
};

struct DevicePoll {
  enum class State { kPending, kSlowDown, kDone };
  State state = State::kPending;
  account::Identity identity;  ///< of kDone
};

/// Handles, and how often they are asked about.
class Devices {
 public:
  explicit Devices(const account::Keys& keys) : key_(keys.key("login-device")) {}

  struct Content {
    std::string provider, code;
    Micros expires = 0;
    std::int64_t interval_s = 5;
  };
  std::string handle(const Content& content) const;
  /// kForbidden where it is none of ours, or is over.
  Result<Content> read(std::string_view handle, Micros now) const;
  /// Whether the handle may be asked about now; counts it where it may.
  bool may_ask(const std::string& handle, const Content& content, Micros now);

 private:
  const account::Key key_;
  std::mutex mutex_;
  std::map<std::string, Micros> asked_;  ///< by the handle's hash; at most so many
};

}  // namespace recorte::auth
