/// [auth]: how users show who they are, and what they may. Parts of config::Settings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/config/secret.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace recorte::config {

struct AuthSettings {
  std::vector<std::string> grants;  ///< sentences, account::parse_grant
  Secret secret;                    ///< of the service; none: auth.key in `data`, made there
  bool passwords =
      false;  ///< those of accounts of this service are taken (`recorte user password`)
  std::int64_t threads = 4, waiting = 1'000;           ///< that check tokens; that wait for them
  std::int64_t slow_threads = 16, slow_waiting = 200;  ///< for passwords, providers' tokens
  /// Wrong credentials in a row; 0: any number. One more each `try_again`.
  std::int64_t tries_per_user = 10, tries_per_address = 50;
  Micros try_again = 6'000'000;
  Micros keep_groups = 30LL * 86'400 * 1'000'000;  ///< that a source told at a sign-in; 0: ever
  Micros links = 30LL * 86'400 * 1'000'000;        ///< that one is good for, at most; 0: none
  Micros keep_audit = 365LL * 86'400 * 1'000'000;  ///< 0: ever
  // Of browsers: over when nobody has used them for a while, and at the latest.
  Micros session_idle = 8LL * 3'600 * 1'000'000;
  Micros session_lifetime = 7LL * 86'400 * 1'000'000;
};

}  // namespace recorte::config
