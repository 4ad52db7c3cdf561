// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/control_page.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace recorte::worker {

Result<ControlPage> ControlPage::make() {
  auto fd = make_memfd("recorte-control");
  if (!fd) return fail(std::move(fd).error());
  if (::ftruncate(fd->get(), sizeof(Page)) != 0)
    return fail(os_error("cannot make a control page"));
  // Nothing in the worker can take the memory away from under the supervisor.
  if (::fcntl(fd->get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return fail(os_error("cannot seal a control page"));
  return map(std::move(*fd));
}

Result<ControlPage> ControlPage::map(Fd descriptor) {
  void* memory =
      ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.get(), 0);
  if (memory == MAP_FAILED) return fail(os_error("cannot map a control page"));
  // A memfd is zeros, and zeros are the initial state.
  return ControlPage(std::move(descriptor), static_cast<Page*>(memory));
}

ControlPage::ControlPage(ControlPage&& other) noexcept
    : fd_(std::move(other.fd_)), page_(std::exchange(other.page_, nullptr)) {}

ControlPage& ControlPage::operator=(ControlPage&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(page_, other.page_);
  return *this;
}

ControlPage::~ControlPage() {
  if (page_) ::munmap(page_, sizeof(Page));
}

void ControlPage::set_stage(std::string_view text) {
  const auto size = std::min(text.size(), page_->stage.size());
  page_->stage_size.store(0);
  std::copy_n(text.data(), size, page_->stage.data());
  page_->stage_size.store(static_cast<std::uint32_t>(size));
}

std::string ControlPage::stage() const {
  const auto size = std::min<std::size_t>(page_->stage_size.load(), page_->stage.size());
  return {page_->stage.data(), size};
}

}  // namespace recorte::worker
