/// Who made a bundle: Ed25519 signatures (RFC 8032) over its list of checksums. Keys have names;
/// both halves are one line, "NAME:BASE64".
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::bundle {

struct PublicKey {
  std::string name;
  std::array<unsigned char, 32> bytes{};
};

/// The secret half, which is wiped with the object.
class SigningKey {
 public:
  /// A new one. kUsage where that is no name (config::parse_plugin_key).
  static Result<SigningKey> make(std::string_view name);
  /// From a file of save(). kForbidden where others than its owner may read it.
  static Result<SigningKey> read(const std::filesystem::path& file);
  SigningKey(const SigningKey&) = default;
  SigningKey& operator=(const SigningKey&) = default;
  ~SigningKey();

  /// Into a new file that its owner alone may read.
  Status save(const std::filesystem::path& file) const;
  /// The line for [plugins] keys.
  std::string public_text() const;
  /// What a bundle holds as SHA256SUMS.sig: "NAME:" and 64 bytes in base64, and a line's end.
  std::string sign(std::string_view text) const;

 private:
  SigningKey() = default;
  std::string name_;
  std::array<unsigned char, 64> bytes_{};
};

/// kUsage: config::parse_plugin_key's.
Result<PublicKey> parse_public_key(std::string_view text);
/// The name of the key whose signature of `text` it is. kForbidden where that is none of `keys`;
/// kData where it does not fit.
Result<std::string> check_signature(std::string_view text, std::string_view signature,
                                    const std::vector<PublicKey>& keys);

}  // namespace recorte::bundle
