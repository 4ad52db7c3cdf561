// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/hdf5_driver.hpp"

#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <new>

namespace recorte::encode {
namespace {

constexpr haddr_t kLargestAddress = (haddr_t{1} << 62) - 1;

/// The library sees the first member.
struct File {
  H5FD_t base;
  int fd;
  haddr_t allocated;  ///< "EOA": up to where the library uses addresses
  haddr_t end;        ///< "EOF": up to where something was written
};

/// Puts errno below what the library says.
herr_t failed(hid_t minor) {
  H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_IO, minor, "%s",
           std::strerror(errno));
  return -1;
}

const File* of(const H5FD_t* file) { return reinterpret_cast<const File*>(file); }
File* of(H5FD_t* file) { return reinterpret_cast<File*>(file); }

bool inside(haddr_t at, std::size_t size) {
  return at <= kLargestAddress && size <= kLargestAddress - at;
}

H5FD_t* open_file(const char*, unsigned, hid_t access, haddr_t) {
  const auto* fd = static_cast<const int*>(H5Pget_driver_info(access));
  if (!fd) return nullptr;
  auto* file = new (std::nothrow) File{};
  if (file) file->fd = *fd;
  return file ? &file->base : nullptr;
}

herr_t close_file(H5FD_t* file) {
  delete of(file);
  return 0;
}

herr_t read_file(H5FD_t* base, H5FD_mem_t, hid_t, haddr_t at, std::size_t size, void* out) {
  if (!inside(at, size)) return -1;
  auto* to = static_cast<char*>(out);
  while (size > 0) {
    const auto n = ::pread(of(base)->fd, to, size, static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(H5E_READERROR);
    if (n == 0) {  // what was allocated and never written
      std::memset(to, 0, size);
      return 0;
    }
    to += n;
    at += static_cast<haddr_t>(n);
    size -= static_cast<std::size_t>(n);
  }
  return 0;
}

herr_t write_file(H5FD_t* base, H5FD_mem_t, hid_t, haddr_t at, std::size_t size,
                  const void* bytes) {
  if (!inside(at, size)) return -1;
  const auto* from = static_cast<const char*>(bytes);
  auto& file = *of(base);
  while (size > 0) {
    const auto n = ::pwrite(file.fd, from, size, static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(H5E_WRITEERROR);
    from += n;
    at += static_cast<haddr_t>(n);
    size -= static_cast<std::size_t>(n);
  }
  file.end = std::max(file.end, at);
  return 0;
}

/// The file ends where the library's addresses do.
herr_t truncate_file(H5FD_t* base, hid_t, hbool_t) {
  auto& file = *of(base);
  if (file.end == file.allocated) return 0;
  if (::ftruncate(file.fd, static_cast<off_t>(file.allocated)) != 0) return failed(H5E_WRITEERROR);
  file.end = file.allocated;
  return 0;
}

H5FD_class_t driver() {
  H5FD_class_t out{};
#ifdef H5FD_CLASS_VERSION
  out.version = H5FD_CLASS_VERSION;
  out.value = static_cast<H5FD_class_value_t>(600);  // of those that are free for tests
#endif
  out.name = "recorte-descriptor";
  out.maxaddr = kLargestAddress;
  out.fc_degree = H5F_CLOSE_WEAK;
  out.fapl_size = sizeof(int);
  out.open = open_file;
  out.close = close_file;
  out.query = [](const H5FD_t*, unsigned long* flags) -> herr_t {
    if (flags)
      *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
               H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
  };
  out.get_eoa = [](const H5FD_t* file, H5FD_mem_t) { return of(file)->allocated; };
  out.set_eoa = [](H5FD_t* file, H5FD_mem_t, haddr_t at) -> herr_t {
    of(file)->allocated = at;
    return 0;
  };
  out.get_eof = [](const H5FD_t* file, H5FD_mem_t) { return of(file)->end; };
  out.read = read_file;
  out.write = write_file;
  out.truncate = truncate_file;
  return out;
}

}  // namespace

bool set_descriptor_driver(std::int64_t access_list, int fd) {
  static const H5FD_class_t kDriver = driver();
  static const hid_t kId = H5FDregister(&kDriver);
  return kId >= 0 && H5Pset_driver(access_list, kId, &fd) >= 0;
}

}  // namespace recorte::encode
