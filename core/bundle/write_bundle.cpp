// SPDX-License-Identifier: BSD-3-Clause
#include "core/bundle/write_bundle.hpp"

#include "core/base/io.hpp"
#include "core/base/sha256.hpp"
#include "core/bundle/sums.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace recorte::bundle {
namespace {

/// An archive in memory, which is small enough, so that a file is written whole or not at all.
class Packer {
 public:
  Packer() {
    check(::archive_write_set_format_ustar(archive_.get()));
    check(::archive_write_add_filter_gzip(archive_.get()));
    check(::archive_write_set_options(archive_.get(), "gzip:!timestamp"));
    check(::archive_write_set_bytes_in_last_block(archive_.get(), 1));
    check(::archive_write_open(archive_.get(), this, nullptr, append, nullptr));
  }

  void add(const std::string& name, std::string_view bytes) {
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(::archive_entry_new(),
                                                                         ::archive_entry_free);
    ::archive_entry_set_pathname(entry.get(), name.c_str());
    ::archive_entry_set_filetype(entry.get(), AE_IFREG);
    ::archive_entry_set_perm(entry.get(), 0644);
    ::archive_entry_set_mtime(entry.get(), 0, 0);
    ::archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
    check(::archive_write_header(archive_.get(), entry.get()));
    if (::archive_write_data(archive_.get(), bytes.data(), bytes.size()) !=
        static_cast<la_ssize_t>(bytes.size()))
      failed_ = true;
  }

  Result<std::string> finish() {
    check(::archive_write_close(archive_.get()));
    if (!failed_) return std::move(out_);
    const char* why = ::archive_error_string(archive_.get());
    return fail(ErrorCode::kInternal,
                std::string("the bundle cannot be packed: ") + (why ? why : "out of memory"));
  }

 private:
  static la_ssize_t append(archive*, void* self, const void* bytes, std::size_t size) {
    static_cast<Packer*>(self)->out_.append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
  }
  void check(int status) { failed_ = failed_ || status != ARCHIVE_OK; }

  std::string out_;
  bool failed_ = false;
  std::unique_ptr<archive, int (*)(archive*)> archive_{::archive_write_new(), ::archive_write_free};
};

}  // namespace

Status write_bundle(const std::filesystem::path& file, const Contents& contents,
                    const SigningKey* key) {
  Sums sums;
  for (const auto& member : contents.members) sums.emplace(member.name, sha256(member.bytes));
  const auto text = sums_text(sums);
  Packer packer;
  packer.add(std::string(kSums), text);
  if (key != nullptr) packer.add(std::string(kSignature), key->sign(text));
  for (const auto& member : contents.members) packer.add(member.name, member.bytes);
  auto packed = packer.finish();
  if (!packed) return fail(std::move(packed).error());
  return write_file(file, *packed);
}

}  // namespace recorte::bundle
