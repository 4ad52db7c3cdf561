// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/mapped_file.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <limits>
#include <mutex>

namespace recorte::fits {
namespace {

// Of this thread, the innermost. A fault is raised in the thread that reads, so no lock is needed.
thread_local constinit const MappedFile::Glance* glances = nullptr;

std::size_t page_size() {
  static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

std::size_t whole_pages(std::size_t size) {
  return (size + page_size() - 1) / page_size() * page_size();
}

}  // namespace

/// Runs inside a fault: it makes system calls and looks at what its own thread keeps, no more.
struct SigbusHandler {
  static inline struct sigaction before {};

  static void handle(int number, siginfo_t* info, void* context) {
    const bool fault = info->si_code > 0;  // and not somebody's kill()
    for (const auto* glance = fault ? glances : nullptr; glance; glance = glance->outer_)
      if (glance->file_.mend(info->si_addr)) return;
    if ((before.sa_flags & SA_SIGINFO) != 0 && before.sa_sigaction)
      return before.sa_sigaction(number, info, context);
    if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
      return before.sa_handler(number);
    ::signal(number, SIG_DFL);
    if (!fault) ::raise(number);  // else the fault comes again, and ends the process
  }

  static void set() {
    static std::once_flag once;
    std::call_once(once, [] {
      page_size();  // known before a handler asks
      struct sigaction action {};
      action.sa_sigaction = handle;
      action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
      sigemptyset(&action.sa_mask);
      ::sigaction(SIGBUS, &action, &before);
    });
  }
};

MappedFile::Glance::Glance(const MappedFile& file) : file_(file), outer_(glances) {
  glances = this;
  // The handler, in this thread, must find the glance before the first byte is read.
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

MappedFile::Glance::~Glance() {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  glances = outer_;
}

bool MappedFile::mend(const void* address) const {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  const auto begin = reinterpret_cast<std::uintptr_t>(begin_);
  if (at < begin || at >= begin + mapped_) return false;
  // Zeros from here to the end: where one page is gone, so are those behind it.
  const auto page = (at - begin) / page_size() * page_size();
  torn_.store(true, std::memory_order_relaxed);
  return ::mmap(const_cast<std::uint8_t*>(begin_) + page, mapped_ - page, PROT_READ,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) != MAP_FAILED;
}

std::unique_ptr<MappedFile> MappedFile::map(int fd, std::int64_t size) {
  if (size <= 0 || size > std::numeric_limits<std::int64_t>::max() / 2) return nullptr;
  const auto bytes = static_cast<std::size_t>(size);
  const auto mapped = whole_pages(bytes + kPadding);
  SigbusHandler::set();
  // Zeros first, so that they lie behind the file, which then takes the place of the others.
  void* begin =
      ::mmap(nullptr, mapped, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (begin == MAP_FAILED) return nullptr;
  if (::mmap(begin, bytes, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
    ::munmap(begin, mapped);
    return nullptr;
  }
  return std::unique_ptr<MappedFile>(
      new MappedFile(static_cast<const std::uint8_t*>(begin), bytes, mapped));
}

MappedFile::~MappedFile() { ::munmap(const_cast<std::uint8_t*>(begin_), mapped_); }

}  // namespace recorte::fits
