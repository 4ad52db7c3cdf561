// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/zip.hpp"

#include "core/base/crc32.hpp"
#include "core/base/io.hpp"
#include "core/store/gather.hpp"
#include "core/store/zip_head.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace recorte::store {
namespace {

constexpr std::size_t kBuffer = 1 << 20;

Result<std::uint32_t> crc_of(const Content& content) {
  if (content.in_memory()) return crc32(content.memory());
  // Known before the entry's head is written: what is read here is still at hand for the copy.
  std::string buffer(kBuffer, '\0');
  std::uint32_t crc = 0;
  for (std::int64_t done = 0; done < content.size();) {
    const auto want = std::min<std::int64_t>(content.size() - done, kBuffer);
    const auto n = ::pread(content.descriptor(), buffer.data(), static_cast<std::size_t>(want),
                           content.offset() + done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("cannot read a descriptor"));
    if (n == 0) return fail(ErrorCode::kInternal, "a descriptor ended early");
    crc = crc32(std::string_view(buffer).substr(0, static_cast<std::size_t>(n)), crc);
    done += n;
  }
  return crc;
}

}  // namespace

ZipWriter::ZipWriter(int fd, std::int64_t time) : fd_(fd), time_(zip::dos_time(time)) {}

Status ZipWriter::add(std::span<const Entry> entries) {
  Gather out(fd_);
  for (const auto& [name, content] : entries) {
    RECORTE_TRY(zip::check_name(name));
    auto crc = crc_of(content);
    if (!crc) return fail(std::move(crc).error());
    const zip::EntryFacts entry{name, content.size(), *crc, time_};
    auto local = zip::local_head(entry);
    directory_ += zip::central_head(entry, written_);
    written_ += std::ssize(local) + content.size();
    RECORTE_TRY(out.keep(std::move(local)));
    RECORTE_TRY(out.add(content));
    ++entries_;
  }
  return out.flush();
}

Status ZipWriter::add(std::string_view name, const Content& content) {
  const Entry entry{std::string(name), content};
  return add(std::span(&entry, 1));
}

Status ZipWriter::finish() {
  auto end = zip::end_records(entries_, written_, std::ssize(directory_));
  Gather out(fd_);
  RECORTE_TRY(out.keep(std::move(directory_)));
  RECORTE_TRY(out.keep(std::move(end)));
  return out.flush();
}

}  // namespace recorte::store
