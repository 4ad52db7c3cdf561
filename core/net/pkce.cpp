// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/pkce.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace recorte::net {

std::string code_challenge(std::string_view verifier) {
  constexpr std::size_t kDigest = 32, kBase64 = 44;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(verifier.data(), verifier.size(), digest.data(), nullptr, EVP_sha256(), nullptr) !=
      1)
    throw std::runtime_error("no SHA-256 can be made");
  std::array<unsigned char, kBase64 + 1> text{};
  EVP_EncodeBlock(text.data(), digest.data(), kDigest);
  std::string out(text.begin(), text.begin() + kBase64 - 1);  // without its "="
  std::ranges::replace(out, '+', '-');
  std::ranges::replace(out, '/', '_');
  return out;
}

}  // namespace recorte::net
