/// What was found out about a password, kept for a while: a client with HTTP Basic sends it with
/// each request. Kept under a keyed hash, whose key is this process's own; never the password.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/identity.hpp"
#include "core/account/keys.hpp"
#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace recorte::auth {

/// For whatever is wrong with a name and a password, so that nobody learns who has an account.
Error wrong_password();

class Verdicts {
 public:
  using Verdict = Result<std::optional<account::Identity>>;
  struct Options {
    Micros keep = 60'000'000;          ///< who it is, or that it is another's to say; 0: not at all
    Micros keep_refusal = 10'000'000;  ///< kUnauthenticated; at most `keep`
    std::size_t most = 10'000;
    std::function<std::int64_t()> clock_ms = monotonic_ms;
  };
  explicit Verdicts(Options options);

  /// The verdict about `what`, of texts none of which stands for another's end. Of those who want
  /// the same at once one asks and the others wait for it. What is neither an identity nor a
  /// refusal is not kept. [any thread]
  Verdict get(std::initializer_list<std::string_view> what, const std::function<Verdict()>& ask);
  std::size_t kept() const;

 private:
  struct Kept {
    Verdict verdict;
    std::int64_t until;
  };
  struct Flight {
    std::optional<Verdict> verdict;
  };
  Verdict asked(const std::function<Verdict()>& ask) const;
  void keep(const std::string& hash, const Verdict& verdict);

  const Options options_;
  const account::Key key_;
  mutable std::mutex mutex_;
  std::condition_variable landed_;
  std::unordered_map<std::string, Kept> kept_;
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
};

}  // namespace recorte::auth
