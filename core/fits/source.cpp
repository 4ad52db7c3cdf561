// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/source.hpp"

#include <bzlib.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <string_view>
#include <vector>

namespace recorte::fits {
namespace {

constexpr std::size_t kChunk = 1 << 18;

// Unpacks what it is given into what it is given; zlib and bzip2 have the same shape.
struct Step {
  std::size_t consumed = 0, produced = 0;
  bool member_end = false, broken = false;
};
using Unpack = std::function<Step(std::span<char> in, std::span<char> out)>;

class Gunzip {
 public:
  Gunzip() { ok_ = inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK; }
  ~Gunzip() { inflateEnd(&stream_); }
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  Step operator()(std::span<char> in, std::span<char> out) {
    stream_.next_in = reinterpret_cast<Bytef*>(in.data());
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int code = ok_ ? inflate(&stream_, Z_NO_FLUSH) : Z_MEM_ERROR;
    Step step{in.size() - stream_.avail_in, out.size() - stream_.avail_out, code == Z_STREAM_END,
              code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR};
    if (step.member_end) inflateReset(&stream_);
    return step;
  }

 private:
  z_stream stream_{};
  bool ok_ = false;
};

class Bunzip {
 public:
  Bunzip() { ok_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK; }
  ~Bunzip() { BZ2_bzDecompressEnd(&stream_); }
  Bunzip(const Bunzip&) = delete;
  Bunzip& operator=(const Bunzip&) = delete;

  Step operator()(std::span<char> in, std::span<char> out) {
    stream_.next_in = in.data();
    stream_.avail_in = static_cast<unsigned>(in.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<unsigned>(out.size());
    const int code = ok_ ? BZ2_bzDecompress(&stream_) : BZ_MEM_ERROR;
    Step step{in.size() - stream_.avail_in, out.size() - stream_.avail_out, code == BZ_STREAM_END,
              code != BZ_OK && code != BZ_STREAM_END};
    if (step.member_end) {
      BZ2_bzDecompressEnd(&stream_);
      stream_ = {};
      ok_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
    }
    return step;
  }

 private:
  bz_stream stream_{};
  bool ok_ = false;
};

bool has_magic(std::string_view bytes, std::string_view magic) { return bytes.starts_with(magic); }

// Reads on into what it is given: how many bytes, 0 at the end.
using Read = std::function<Result<std::size_t>(std::span<char> into)>;

Read reader_of(int fd, const std::string& path) {
  return [fd, &path](std::span<char> into) -> Result<std::size_t> {
    for (;;) {
      const auto n = ::read(fd, into.data(), into.size());
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) return fail(os_error("cannot read " + path));
    }
  };
}

Read reader_of(RemoteFile& file) {
  return [&file, at = std::int64_t{0}](std::span<char> into) mutable -> Result<std::size_t> {
    const auto size = std::min(std::ssize(into), file.size() - at);
    if (size > 0) RECORTE_TRY(file.read(at, into.data(), size));
    at += size;
    return static_cast<std::size_t>(size);
  };
}

// Members may follow one another; what follows the last and is no member is padding.
Result<Fd> unpack(const Read& read, const std::string& path, std::string_view format,
                  std::string_view magic, const Unpack& step) {
  auto memory = make_memfd("recorte-fits");
  if (!memory) return memory;
  std::vector<char> in(kChunk), out(kChunk);
  std::size_t begin = 0, end = 0;
  std::int64_t total = 0;
  bool member_end = false, input_end = false;
  for (;;) {
    if (end - begin < magic.size() && !input_end) {
      std::memmove(in.data(), in.data() + begin, end - begin);
      end -= begin;
      begin = 0;
      const auto n = read(std::span(in).subspan(end));
      if (!n) return fail(n.error());
      input_end = *n == 0;
      end += *n;
      continue;
    }
    const std::span<char> rest(in.data() + begin, end - begin);
    if (member_end && !has_magic({rest.data(), rest.size()}, magic)) return memory;
    const auto done = step(rest, out);
    if (done.broken)
      return fail(ErrorCode::kData, path + " is a damaged " + std::string(format) +
                                        " file: fetch it again or check it with \"" +
                                        std::string(format) + " -t\"");
    if (done.consumed == 0 && done.produced == 0 && !done.member_end && input_end)
      return fail(ErrorCode::kData,
                  path + " is a truncated " + std::string(format) + " file: fetch it again");
    begin += done.consumed;
    member_end = done.member_end;
    total += static_cast<std::int64_t>(done.produced);
    if (total > kMaxUnpacked)
      return fail(ErrorCode::kTooLarge, path + " unpacks to more than " +
                                            std::to_string(kMaxUnpacked) +
                                            " bytes: store it unpacked or tile-compressed");
    RECORTE_TRY(write_all(memory->get(), std::as_bytes(std::span(out.data(), done.produced))));
  }
}

// Nothing where a file that begins so is not packed.
Result<Fd> unpacked_or_none(std::string_view start, const Read& read, const std::string& path) {
  if (has_magic(start, "\x1f\x8b")) {
    Gunzip gunzip;
    return unpack(read, path, "gzip", "\x1f\x8b", std::ref(gunzip));
  }
  if (has_magic(start, "BZh")) {
    Bunzip bunzip;
    return unpack(read, path, "bzip2", "BZh", std::ref(bunzip));
  }
  return Fd{};
}

Result<std::int64_t> size_of(int fd, const std::string& path) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) return fail(os_error("cannot read " + path));
  if (!S_ISREG(about.st_mode))
    return fail(ErrorCode::kData, path + " is not a file: name a FITS file");
  return about.st_size;
}

tl::unexpected<Error> ends_before(std::int64_t end) {
  return fail(ErrorCode::kData, "the file ends before byte " + std::to_string(end));
}

}  // namespace

Result<Source> Source::open(const std::string& path, bool map) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail(os_error("cannot read " + path));
  auto size = size_of(fd.get(), path);
  if (!size) return fail(std::move(size).error());

  char head[4] = {};
  const auto n = ::pread(fd.get(), head, sizeof head, 0);
  if (n < 0) return fail(os_error("cannot read " + path));
  const std::string_view start(head, static_cast<std::size_t>(n));
  auto unpacked = unpacked_or_none(start, reader_of(fd.get(), path), path);
  if (!unpacked) return fail(std::move(unpacked).error());
  if (!*unpacked) return Source(std::move(fd), *size, false, map);
  size = size_of(unpacked->get(), path);
  if (!size) return fail(std::move(size).error());
  return Source(std::move(*unpacked), *size, true, map);
}

Result<Source> Source::open(std::unique_ptr<RemoteFile> file, const std::string& name) {
  char head[4] = {};
  const auto size = std::min<std::int64_t>(sizeof head, file->size());
  if (size > 0) RECORTE_TRY(file->read(0, head, size));
  const std::string_view start(head, static_cast<std::size_t>(size));
  auto unpacked = unpacked_or_none(start, reader_of(*file), name);
  if (!unpacked) return fail(std::move(unpacked).error());
  if (!*unpacked) return Source(std::move(file));
  const auto whole = size_of(unpacked->get(), name);
  if (!whole) return fail(whole.error());
  return Source(std::move(*unpacked), *whole, true, true);
}

Status Source::read(std::int64_t offset, void* out, std::int64_t size) const {
  if (remote_) {
    if (size > size_ - offset) return ends_before(offset + size);
    return remote_->read(offset, out, size);
  }
  auto* to = static_cast<char*>(out);
  while (size > 0) {
    const auto n = ::pread(fd_.get(), to, static_cast<std::size_t>(size), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(os_error("reading failed at byte " + std::to_string(offset)));
    if (n == 0) return ends_before(offset + size);
    to += n;
    offset += n;
    size -= n;
  }
  return {};
}

Result<FileStamp> Source::stamp() const {
  return remote_ ? remote_->stamp() : file_stamp(fd_.get());
}

Status Source::still_holds(std::int64_t end) const {
  struct stat about {};
  // Behind the end, but in its last page, no fault tells of the zeros.
  if (mapped_->torn() || ::fstat(fd_.get(), &about) != 0 || about.st_size < end)
    return ends_before(end);
  return {};
}

}  // namespace recorte::fits
