// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/sink.hpp"

#include "core/store/output_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <utility>

namespace recorte::store {

Result<Sink> Sink::in_memory() {
  auto fd = make_memfd("recorte-products");
  if (!fd) return fail(std::move(fd).error());
  if (::ftruncate(fd->get(), kMemory) != 0 ||
      ::fcntl(fd->get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return fail(os_error("cannot make a file in memory"));
  void* at = ::mmap(nullptr, kMemory, PROT_READ, MAP_SHARED, fd->get(), 0);
  if (at == MAP_FAILED) return fail(os_error("cannot map a file in memory"));
  Sink out(std::move(*fd));
  out.map_ = {static_cast<const std::byte*>(at), kMemory};
  return out;
}

Result<Sink> Sink::on_disk(const std::filesystem::path& directory) {
  auto fd = open_unnamed(directory);
  if (!fd) return fail(std::move(fd).error());
  return Sink(std::move(*fd));
}

Sink::Sink(Sink&& other) noexcept
    : fd_(std::move(other.fd_)), map_(std::exchange(other.map_, {})) {}

Sink& Sink::operator=(Sink&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(map_, other.map_);
  return *this;
}

Sink::~Sink() {
  if (!map_.empty()) ::munmap(const_cast<std::byte*>(map_.data()), map_.size());
}

Status Sink::rewind() {
  if (::lseek(fd_.get(), 0, SEEK_SET) != 0 || (!is_bounded() && ::ftruncate(fd_.get(), 0) != 0))
    return fail(os_error("cannot empty a file of products"));
  return {};
}

Content Sink::content(std::int64_t offset, std::int64_t size) const {
  if (!is_bounded()) return {fd_.get(), offset, size};
  return Content(map_.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size)));
}

std::int64_t Sink::end() const { return ::lseek(fd_.get(), 0, SEEK_CUR); }

}  // namespace recorte::store
