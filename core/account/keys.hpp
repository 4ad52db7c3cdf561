/// The secret of a service, and what is made with it: hashes of tokens, signatures of links, sealed
/// cookies. All servers of one service have the same.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/secret.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace recorte::account {

/// A key for one purpose, derived from the secret: what is signed for one purpose is worth nothing
/// for another.
class Key {
 public:
  explicit Key(const SecretKey& bytes) : bytes_(bytes) {}
  /// Keyed BLAKE2b-256 of a text, as 64 hexadecimal digits.
  std::string hash_of(std::string_view text) const;
  /// Whether that is the text's, in constant time.
  bool verify(std::string_view text, std::string_view hash) const;

 private:
  SecretKey bytes_;
};

class Keys {
 public:
  /// Of a secret of 32 bytes at least (kUsage else).
  static Result<Keys> of(std::string_view secret);
  /// Of a file, mode 0600, made with a random secret where there is none; its last line end is none
  /// of the secret. kForbidden where others can read it.
  static Result<Keys> at(const std::filesystem::path& file);

  /// "token", "session", "link", "csrf" …
  Key key(std::string_view purpose) const;

 private:
  explicit Keys(const SecretKey& secret) : secret_(secret) {}
  SecretKey secret_;
};

}  // namespace recorte::account
