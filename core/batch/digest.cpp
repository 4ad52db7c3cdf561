// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/digest.hpp"

#include "core/base/crc32.hpp"
#include "core/base/io.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <span>
#include <stdexcept>

namespace recorte::batch {
namespace {

/// So little that the second sum finds it in the processor's cache.
constexpr std::size_t kBuffer = 128 << 10;

}  // namespace

struct Digest::Context {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> md{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Digest::Digest() : context_(std::make_unique<Context>()), buffer_(kBuffer) {
  if (!context_->md) throw std::bad_alloc();
}
Digest::~Digest() = default;

Result<Digest::Sums> Digest::of(int fd, std::int64_t offset, std::int64_t size) {
  const auto need = [](int done) {
    if (done != 1) throw std::runtime_error("SHA-256 is not at hand");
  };
  auto* md = context_->md.get();
  Sums out;
  need(EVP_DigestInit_ex(md, EVP_sha256(), nullptr));
  while (size > 0) {
    const auto want = std::min<std::int64_t>(size, std::ssize(buffer_));
    const auto n = ::pread(fd, buffer_.data(), static_cast<std::size_t>(want), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("cannot read a file of products"));
    if (n == 0) return fail(ErrorCode::kInternal, "a file of products ended early");
    const auto part = std::span<const std::byte>(buffer_).first(static_cast<std::size_t>(n));
    need(EVP_DigestUpdate(md, part.data(), part.size()));
    out.crc = crc32(part, out.crc);
    offset += n;
    size -= n;
  }
  need(EVP_DigestFinal_ex(md, reinterpret_cast<unsigned char*>(out.sha256.data()), nullptr));
  return out;
}

}  // namespace recorte::batch
