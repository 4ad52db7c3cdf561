// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/password.hpp"

#include "core/base/secret.hpp"

#include <sodium.h>

#include <array>

namespace recorte {
namespace {

constexpr std::int64_t kRetrySeconds = 2;

Error busy() {
  return {ErrorCode::kUnavailable,
          "as many passwords are being looked at as may at once; try again later", kRetrySeconds};
}

}  // namespace

/// A place among those that are hashed, until it goes.
class Passwords::Turn {
 public:
  explicit Turn(Passwords& all) : all_(all) {
    std::unique_lock lock(all_.mutex_);
    const auto free = [&] { return all_.working_ < all_.options_.at_once; };
    if (!free()) {
      if (all_.waiting_ >= all_.options_.waiting) return;
      ++all_.waiting_;
      all_.left_.wait_for(lock, all_.options_.patience, free);
      --all_.waiting_;
      if (!free()) return;
    }
    ++all_.working_;
    taken_ = true;
  }
  ~Turn() {
    if (!taken_) return;
    {
      const std::lock_guard lock(all_.mutex_);
      --all_.working_;
    }
    all_.left_.notify_one();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool taken() const { return taken_; }

 private:
  Passwords& all_;
  bool taken_ = false;
};

Passwords::Passwords(Options options) : options_(options) {}

Result<std::string> Passwords::make(std::string_view password) const {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (::crypto_pwhash_str_alg(out.data(), password.data(), password.size(),
                              static_cast<unsigned long long>(options_.passes),
                              static_cast<std::size_t>(options_.memory),
                              crypto_pwhash_ALG_ARGON2ID13) == 0)
    return std::string(out.data());
  return fail({ErrorCode::kUnavailable,
               "there is no memory to hash a password in (" +
                   std::to_string(options_.memory >> 20) + " MiB); make room",
               kRetrySeconds});
}

/// A hash that no password has.
const std::string& Passwords::nobodys() {
  std::call_once(made_, [&] { nobodys_ = make(random_base64url(32)).value_or(""); });
  return nobodys_;
}

Result<std::string> Passwords::hash(std::string_view password) {
  if (password.size() < kShortest || password.size() > kLongest)
    return fail(ErrorCode::kUsage, "a password has " + std::to_string(kShortest) + " to " +
                                       std::to_string(kLongest) + " bytes, and this one has " +
                                       std::to_string(password.size()));
  const Turn turn(*this);
  if (!turn.taken()) return fail(busy());
  return make(password);
}

Result<bool> Passwords::verify(std::string_view password, const std::string& hash) {
  if (password.size() > kLongest) return false;  // nobody's, whoever it is said to be
  const Turn turn(*this);
  if (!turn.taken()) return fail(busy());
  const bool is = ::crypto_pwhash_str_verify((hash.empty() ? nobodys() : hash).c_str(),
                                             password.data(), password.size()) == 0;
  return is && !hash.empty();
}

bool Passwords::outdated(const std::string& hash) const {
  return ::crypto_pwhash_str_needs_rehash(hash.c_str(),
                                          static_cast<unsigned long long>(options_.passes),
                                          static_cast<std::size_t>(options_.memory)) != 0;
}

}  // namespace recorte
