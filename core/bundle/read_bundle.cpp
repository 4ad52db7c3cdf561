// SPDX-License-Identifier: BSD-3-Clause
#include "core/bundle/read_bundle.hpp"

#include "core/base/io.hpp"
#include "core/base/sha256.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <span>

namespace recorte::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 1 << 16;  // bytes read at once

/// The members of an archive, one after the other, as they come. No more is unpacked than a bundle
/// may hold, whatever the archive says of itself.
class Reader {
 public:
  Reader(const fs::path& bundle, const Fd& fd) : bundle_(bundle) {
    ::archive_read_support_filter_gzip(archive_.get());
    ::archive_read_support_format_tar(archive_.get());
    opened_ = ::archive_read_open_fd(archive_.get(), fd.get(), kBlock) == ARCHIVE_OK;
  }

  /// The name of the next member, which is a plain file; nullopt after the last.
  Result<std::optional<std::string>> next() {
    archive_entry* entry = nullptr;
    const int status = opened_ ? ::archive_read_next_header(archive_.get(), &entry) : ARCHIVE_FATAL;
    if (status == ARCHIVE_EOF) return std::nullopt;
    if (status != ARCHIVE_OK) return broken();
    if (++members_ > kMostMembers + 2)
      return fail(ErrorCode::kTooLarge, bundle_.string() + ": it holds more than " +
                                            std::to_string(kMostMembers) + " files");
    const char* name = ::archive_entry_pathname(entry);
    if (name == nullptr) return refuse("a file in it has no name that can be read");
    if (auto good = check_member_name(name); !good) return refuse(good.error().message);
    if (::archive_entry_filetype(entry) != AE_IFREG || ::archive_entry_hardlink(entry) != nullptr)
      return refuse("'" + std::string(name) + "' in it is a link or no file");
    // Said beforehand, so that nothing of a bomb is unpacked.
    if (::archive_entry_size(entry) > static_cast<la_int64_t>(kMostBytes - unpacked_))
      return too_large();
    return name;
  }

  /// The bytes of the member, in pieces.
  template <class Take>
  Status pieces(std::size_t limit, Take&& take) {
    std::array<char, kBlock> buffer;
    std::size_t size = 0;
    for (;;) {
      const auto n = ::archive_read_data(archive_.get(), buffer.data(), buffer.size());
      if (n == 0) return {};
      if (n < 0) return broken();
      size += static_cast<std::size_t>(n);
      unpacked_ += static_cast<std::size_t>(n);
      if (size > limit || unpacked_ > kMostBytes) return too_large();
      RECORTE_TRY(take(std::span<const char>(buffer.data(), static_cast<std::size_t>(n))));
    }
  }

  Result<std::string> text() {
    std::string out;
    RECORTE_TRY(pieces(kMostSums, [&](std::span<const char> piece) -> Status {
      out.append(piece.begin(), piece.end());
      return {};
    }));
    return out;
  }

  tl::unexpected<Error> refuse(const std::string& why) const {
    return fail(ErrorCode::kData, bundle_.string() + ": " + why);
  }

 private:
  tl::unexpected<Error> broken() const {
    const char* why = ::archive_error_string(archive_.get());
    return refuse(std::string("it is no bundle, or a broken one") +
                  (why ? " (" + std::string(why) + ")" : ""));
  }

  tl::unexpected<Error> too_large() const {
    return fail(ErrorCode::kTooLarge, bundle_.string() +
                                          ": it unpacks to more than a bundle may (" +
                                          std::to_string(kMostBytes >> 20) + " MiB)");
  }

  const fs::path& bundle_;
  bool opened_ = false;
  std::size_t members_ = 0, unpacked_ = 0;
  std::unique_ptr<archive, int (*)(archive*)> archive_{::archive_read_new(), ::archive_read_free};
};

Status write_member(Reader& reader, const fs::path& file) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  const Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!fd) return fail(os_error("cannot write " + file.string()));
  RECORTE_TRY(reader.pieces(kMostBytes, [&](std::span<const char> piece) {
    return write_all(fd.get(), std::as_bytes(piece)).map_error([&](Error why) {
      why.message = file.string() + ": " + why.message;
      return why;
    });
  }));
  if (::fsync(fd.get()) != 0) return fail(os_error("cannot write " + file.string()));
  return {};
}

/// What a bundle begins with: its checksums, and who signed them. `name` is then that of the member
/// after these.
Result<Unpacked> read_head(Reader& reader, const fs::path& directory, const Rules& rules,
                           std::optional<std::string>& name) {
  const auto step = [&]() -> Status {
    auto next = reader.next();
    if (!next) return fail(std::move(next).error());
    name = *std::move(next);
    return {};
  };
  RECORTE_TRY(step());
  if (name != kSums)
    return reader.refuse("it is no bundle: it does not begin with " + std::string(kSums) +
                         "; recorte plugin bundle makes one of a library or a project");
  const auto text = reader.text();
  if (!text) return fail(text.error());
  auto sums = parse_sums(*text);
  if (!sums) return reader.refuse(sums.error().message);
  Unpacked out{*std::move(sums), ""};
  RECORTE_TRY(write_file_durably(directory / kSums, *text));
  RECORTE_TRY(step());
  if (name == kSignature) {
    const auto signature = reader.text();
    if (!signature) return fail(signature.error());
    auto signer = check_signature(*text, *signature, rules.keys);
    if (!signer)
      return fail(signer.error().code, reader.refuse(signer.error().message).value().message);
    out.signer = *std::move(signer);
    RECORTE_TRY(write_file_durably(directory / kSignature, *signature));
    RECORTE_TRY(step());
  } else if (!rules.accept_unsigned) {
    return fail(ErrorCode::kForbidden,
                reader
                    .refuse("nobody signed it, and this configuration takes signed bundles "
                            "alone ([plugins] unsigned)")
                    .value()
                    .message);
  }
  return out;
}

}  // namespace

Result<Unpacked> unpack(const fs::path& bundle, const fs::path& directory, const Rules& rules) {
  const Fd fd(::open(bundle.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail(os_error("cannot read " + bundle.string()));
  Reader reader(bundle, fd);
  std::optional<std::string> name;
  auto out = read_head(reader, directory, rules, name);
  if (!out) return out;
  std::set<std::string, std::less<>> missing, directories{""};
  for (const auto& [member, digits] : out->sums) missing.insert(member);
  while (name) {
    const auto listed = out->sums.find(*name);
    if (listed == out->sums.end())
      return reader.refuse("'" + *name + "' is in it and not in its " + std::string(kSums));
    if (missing.erase(*name) == 0) return reader.refuse("'" + *name + "' is in it twice");
    const auto file = directory / *name;
    RECORTE_TRY(write_member(reader, file));
    const auto digits = sha256_of(file);
    if (!digits) return fail(digits.error());
    if (*digits != listed->second)
      return reader.refuse("'" + *name + "' in it is not what its " + std::string(kSums) +
                           " says: it is broken, or somebody changed it");
    directories.insert(fs::path(*name).parent_path().string());
    auto next = reader.next();
    if (!next) return fail(std::move(next).error());
    name = *std::move(next);
  }
  if (!missing.empty()) return reader.refuse("'" + *missing.begin() + "' is missing in it");
  for (const auto& inner : directories) RECORTE_TRY(sync_directory(directory / inner));
  return out;
}

}  // namespace recorte::bundle
