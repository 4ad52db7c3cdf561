// SPDX-License-Identifier: BSD-3-Clause
#include "core/bundle/key.hpp"

#include "core/base/io.hpp"
#include "core/base/secret.hpp"
#include "core/base/text.hpp"
#include "core/config/plugin_key.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <span>
#include <stdexcept>

namespace recorte::bundle {
namespace {

constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
constexpr std::size_t kLongestKey = 4096;  // bytes of its file

static_assert(crypto_sign_PUBLICKEYBYTES == 32 && crypto_sign_SECRETKEYBYTES == 64);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64(std::span<const unsigned char> bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  ::sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), kVariant);
  out.pop_back();  // the zero at the end
  return out;
}

/// Whether `text` is exactly so many bytes.
bool from_base64(std::string_view text, std::span<unsigned char> out) {
  std::size_t size = 0;
  const char* end = nullptr;
  return ::sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end,
                             kVariant) == 0 &&
         size == out.size() && end == text.data() + text.size();
}

std::pair<std::string_view, std::string_view> halves(std::string_view line) {
  const auto whole = trim(line);
  const auto mark = whole.find(':');
  if (mark == whole.npos) return {};
  return {whole.substr(0, mark), whole.substr(mark + 1)};
}

}  // namespace

SigningKey::~SigningKey() { ::sodium_memzero(bytes_.data(), bytes_.size()); }

Result<SigningKey> SigningKey::make(std::string_view name) {
  if (::sodium_init() < 0)
    throw std::runtime_error("libsodium does not start: the kernel gives no random");
  SigningKey out;
  out.name_ = name;
  std::array<unsigned char, 32> half{};
  ::crypto_sign_keypair(half.data(), out.bytes_.data());
  if (!config::parse_plugin_key(out.public_text()))
    return fail(ErrorCode::kUsage, "'" + std::string(name) +
                                       "' is no name for a key; write letters, digits, ., _ and -");
  return out;
}

Result<SigningKey> SigningKey::read(const std::filesystem::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return fail(os_error("cannot read " + file.string()));
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(ErrorCode::kForbidden, "others than you may read the key " + file.string() +
                                           ", who could sign as you: chmod 600 it");
  auto text = read_file(file, kLongestKey);
  if (!text) return fail(std::move(text).error());
  SigningKey out;
  const auto [name, key] = halves(*text);
  out.name_ = name;
  const bool good = from_base64(key, out.bytes_);
  wipe(*text);
  if (!good)
    return fail(ErrorCode::kUsage,
                file.string() + " is no secret key; make one with recorte plugin key NAME");
  return out;
}

Status SigningKey::save(const std::filesystem::path& file) const {
  const Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return fail(os_error("cannot make the key " + file.string()));
  auto line = name_ + ":" + base64(bytes_) + "\n";
  const auto written = write_all(fd.get(), std::as_bytes(std::span(line)));
  wipe(line);
  return written;
}

std::string SigningKey::public_text() const {
  // The secret key ends with the public one (RFC 8032 calls its beginning the seed).
  return name_ + ":" + base64(std::span(bytes_).last<32>());
}

std::string SigningKey::sign(std::string_view text) const {
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  ::crypto_sign_detached(signature.data(), nullptr, bytes_of(text), text.size(), bytes_.data());
  return name_ + ":" + base64(signature) + "\n";
}

Result<PublicKey> parse_public_key(std::string_view text) {
  auto line = config::parse_plugin_key(text);
  if (!line) return fail(std::move(line).error());
  const auto [name, key] = halves(*line);
  PublicKey out{std::string(name), {}};
  if (!from_base64(key, out.bytes))
    return fail(ErrorCode::kUsage, "'" + *line + "' is no public key: its base64 is broken");
  return out;
}

Result<std::string> check_signature(std::string_view text, std::string_view signature,
                                    const std::vector<PublicKey>& keys) {
  std::array<unsigned char, crypto_sign_BYTES> bytes{};
  const auto [name, encoded] = halves(signature);
  if (!from_base64(encoded, bytes)) return fail(ErrorCode::kData, "its signature is none");
  bool known = false;
  for (const auto& key : keys) {
    if (key.name != name) continue;
    known = true;
    if (::crypto_sign_verify_detached(bytes.data(), bytes_of(text), text.size(),
                                      key.bytes.data()) == 0)
      return key.name;
  }
  // A name that is none of ours may hold anything.
  if (!known)
    return fail(ErrorCode::kForbidden,
                "it is signed with a key that is not listed; where you know whose it is, add their "
                "public key to the configuration: [plugins] keys");
  return fail(ErrorCode::kData, "its signature is not " + std::string(name) +
                                    "'s: it was changed, or another key signed it");
}

}  // namespace recorte::bundle
