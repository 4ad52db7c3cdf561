// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/secret.hpp"

#include <sodium.h>

#include <stdexcept>

namespace recorte {
namespace {

/// Before anything of libsodium; it may be called again.
void make_ready() {
  static const bool ready = ::sodium_init() >= 0;
  if (!ready) throw std::runtime_error("libsodium does not start: the kernel gives no random");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string random_base64url(std::size_t bytes) {
  make_ready();
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string raw(bytes, '\0');
  ::randombytes_buf(raw.data(), raw.size());
  std::string out(sodium_base64_ENCODED_LEN(bytes, kVariant), '\0');
  ::sodium_bin2base64(out.data(), out.size(), bytes_of(raw), raw.size(), kVariant);
  out.pop_back();  // the zero at the end
  wipe(raw);
  return out;
}

std::string keyed_hash(const SecretKey& key, std::string_view text) {
  make_ready();
  std::array<unsigned char, 32> hash{};
  ::crypto_generichash(hash.data(), hash.size(), bytes_of(text), text.size(), key.data(),
                       key.size());
  std::string out(2 * hash.size() + 1, '\0');
  ::sodium_bin2hex(out.data(), out.size(), hash.data(), hash.size());
  out.pop_back();
  return out;
}

SecretKey derive_key(std::string_view secret, std::string_view purpose) {
  make_ready();
  // The secret becomes a key of the hash's own length, which then hashes the purpose.
  SecretKey whole{}, out{};
  ::crypto_generichash(whole.data(), whole.size(), bytes_of(secret), secret.size(), nullptr, 0);
  ::crypto_generichash(out.data(), out.size(), bytes_of(purpose), purpose.size(), whole.data(),
                       whole.size());
  ::sodium_memzero(whole.data(), whole.size());
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string& secret) {
  ::sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace recorte
