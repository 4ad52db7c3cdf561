// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/sha256.hpp"

#include "core/base/io.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace recorte {
namespace {

using Hash = std::array<unsigned char, crypto_hash_sha256_BYTES>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string digits(const Hash& hash) {
  std::string out(2 * hash.size() + 1, '\0');
  ::sodium_bin2hex(out.data(), out.size(), hash.data(), hash.size());
  out.pop_back();  // the zero at the end
  return out;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  Hash hash{};
  ::crypto_hash_sha256(hash.data(), bytes_of(bytes), bytes.size());
  return digits(hash);
}

Result<std::string> sha256_of(const std::filesystem::path& file) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail(os_error("cannot read " + file.string()));
  crypto_hash_sha256_state state;
  ::crypto_hash_sha256_init(&state);
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const auto n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("cannot read " + file.string()));
    if (n == 0) break;
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(n));
    ::crypto_hash_sha256_update(&state, bytes_of(piece), piece.size());
  }
  Hash hash{};
  ::crypto_hash_sha256_final(&state, hash.data());
  return digits(hash);
}

}  // namespace recorte
