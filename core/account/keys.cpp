// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/keys.hpp"

#include "core/base/id.hpp"
#include "core/base/io.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <system_error>

namespace recorte::account {
namespace {

constexpr std::size_t kShortest = 32, kLongest = 64 << 10;

/// A file of that name with a random secret in it, unless there is one already. It appears whole,
/// so that of two who make it at once one finds the other's.
Status make(const std::filesystem::path& file) {
  std::error_code error;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
  auto beside = file;
  beside += ".tmp" + random_hex(4);
  const Fd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return fail(os_error("cannot make the key file " + file.string()));
  const auto secret = random_hex(32) + "\n";
  auto written = write_all(fd.get(), std::as_bytes(std::span(secret)));
  if (written && ::fsync(fd.get()) != 0) written = fail(os_error("cannot write " + file.string()));
  if (written && ::link(beside.c_str(), file.c_str()) != 0 && errno != EEXIST)
    written = fail(os_error("cannot make the key file " + file.string()));
  ::unlink(beside.c_str());
  return written;
}

}  // namespace

std::string Key::hash_of(std::string_view text) const { return keyed_hash(bytes_, text); }

bool Key::verify(std::string_view text, std::string_view hash) const {
  return equal_in_constant_time(hash_of(text), hash);
}

Result<Keys> Keys::of(std::string_view secret) {
  if (secret.size() < kShortest)
    return fail(ErrorCode::kUsage,
                "the service's secret has " + std::to_string(secret.size()) + " bytes, and needs " +
                    std::to_string(kShortest) +
                    " at least; `openssl rand -hex 32` writes a good one ([auth] secret)");
  return Keys(derive_key(secret, "recorte"));
}

Result<Keys> Keys::at(const std::filesystem::path& file) {
  for (bool made = false;; made = true) {
    const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd && errno == ENOENT && !made) {
      RECORTE_TRY(make(file));
      continue;
    }
    struct stat state {};
    if (!fd || ::fstat(fd.get(), &state) != 0)
      return fail(os_error("cannot read the key file " + file.string()));
    if ((state.st_mode & 077U) != 0)
      return fail(ErrorCode::kForbidden, "others than its owner can read the key file " +
                                             file.string() + ", or write to it; chmod 600 it");
    if (!S_ISREG(state.st_mode) || static_cast<std::size_t>(state.st_size) > kLongest)
      return fail(ErrorCode::kUsage, "the key file " + file.string() + " is no key file");
    auto secret = read_descriptor(fd.get());
    if (!secret) return fail(std::move(secret).error());
    while (secret->ends_with('\n') || secret->ends_with('\r')) secret->pop_back();
    auto keys = of(*secret);
    wipe(*secret);
    if (!keys) return fail(keys.error().code, file.string() + ": " + keys.error().message);
    return keys;
  }
}

Key Keys::key(std::string_view purpose) const {
  return Key(derive_key({reinterpret_cast<const char*>(secret_.data()), secret_.size()}, purpose));
}

}  // namespace recorte::account
