// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/order.hpp"

#include "core/base/io.hpp"
#include "core/batch/sky_order.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace recorte::batch {
namespace {

constexpr std::int64_t kNumber = sizeof(std::uint32_t);

Result<Fd> open_order(const std::filesystem::path& directory, int flags) {
  const auto path = directory / "order";
  Fd fd(::open(path.c_str(), flags | O_CLOEXEC, 0640));
  if (!fd) return fail(os_error("cannot open " + path.string()));
  return fd;
}

}  // namespace

std::vector<std::uint32_t> sky_order(const Plan& plan) {
  SkyOrder order;
  std::vector<std::uint32_t> numbers, unreadable;
  for (std::uint32_t i = 0; i < plan.size(); ++i) {
    const auto request = plan.request(i);
    (request ? numbers : unreadable).push_back(i);
    if (request)
      order.add(request->survey, sky::to_position(sky::bounding_cap(request->stencil, 0).centre));
  }
  std::vector<std::uint32_t> out;
  out.reserve(plan.size());
  for (const auto at : order.sorted()) out.push_back(numbers[at]);
  out.insert(out.end(), unreadable.begin(), unreadable.end());
  return out;
}

Result<std::int64_t> append_order(const std::filesystem::path& directory,
                                  std::span<const std::uint32_t> products) {
  auto fd = open_order(directory, O_RDWR | O_CREAT);
  if (!fd) return fail(std::move(fd).error());
  if (::flock(fd->get(), LOCK_EX) != 0)  // until it is closed: of two servers one waits
    return fail(os_error("cannot lock " + (directory / "order").string()));
  struct stat status {};
  if (::fstat(fd->get(), &status) != 0)
    return fail(os_error("cannot read " + (directory / "order").string()));
  const auto first = status.st_size / kNumber;  // a number that was cut off is written over
  RECORTE_TRY(pwrite_all(fd->get(), std::as_bytes(products), first * kNumber));
  if (::fsync(fd->get()) != 0)
    return fail(os_error("cannot write " + (directory / "order").string()));
  return first;
}

Result<std::vector<std::uint32_t>> read_order(const std::filesystem::path& directory,
                                              std::int64_t first, std::int64_t count) {
  auto fd = open_order(directory, O_RDONLY);
  if (!fd) return fail(ErrorCode::kData, fd.error().message);
  std::vector<std::uint32_t> out(static_cast<std::size_t>(count));
  auto* at = reinterpret_cast<char*>(out.data());
  for (std::int64_t offset = first * kNumber, left = count * kNumber; left > 0;) {
    const auto got = ::pread(fd->get(), at, static_cast<std::size_t>(left), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0)
      return fail(ErrorCode::kData, (directory / "order").string() + " has no " +
                                        std::to_string(count) + " products from number " +
                                        std::to_string(first) + " on; run the job anew");
    at += got;
    offset += got;
    left -= got;
  }
  return out;
}

}  // namespace recorte::batch
