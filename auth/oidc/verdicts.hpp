/// What was found of tokens, kept briefly under their hashes: of so many tokens at most, and each
/// asked about once, however many requests bring it at the same time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/identity.hpp"
#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace recorte::auth::oidc {

/// SHA-256 of a token in hexadecimal digits: a name for it that is no secret.
std::string hash_of(std::string_view token);

class Verdicts {
 public:
  struct Verdict {
    Result<account::Identity> identity;
    Micros until = 0;  ///< it counts before that; what is not a matter of the token is not kept
  };
  using Judge = std::function<Verdict()>;

  explicit Verdicts(std::size_t most) : most_(most) {}

  /// The verdict that is kept under `hash`, or that another thread is finding; else judge()'s.
  /// Whoever waits does so as long as that takes. [any thread]
  Result<account::Identity> ask(const std::string& hash, Micros now, const Judge& judge);
  /// nullopt where none is kept. [any thread]
  std::optional<Result<account::Identity>> known(const std::string& hash, Micros now) const;
  std::size_t size() const;
  std::size_t waiting() const;  ///< for a verdict that another thread is finding

 private:
  struct Kept {
    std::string hash;
    Verdict verdict;
  };
  struct Flight {
    bool landed = false;
    Result<account::Identity> identity = fail(ErrorCode::kInternal, "");
  };
  using Place = std::list<Kept>::iterator;
  void keep(const std::string& hash, const Verdict& verdict);

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::size_t waiting_ = 0;
  std::condition_variable landed_;
  std::list<Kept> kept_;  ///< the newest first
  std::unordered_map<std::string, Place> places_;
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
};

}  // namespace recorte::auth::oidc
