/// A zip or tar archive that is nowhere: its members lie in files of their own, its heads are made
/// when they are asked for, and every byte of it is known by its place beforehand. So it is sent
/// without a copy, in any range, and again from the middle.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace recorte::store {

enum class ArchiveKind { kZip, kTar };

struct Member {
  std::string name;       ///< UTF-8; "a/b" for a directory
  std::int64_t size = 0;  ///< bytes
  std::uint32_t crc = 0;  ///< CRC-32 of them (zip)
};

/// [any thread] The same bytes as ZipWriter and TarWriter would write, of the same members.
class Archive {
 public:
  /// `time` (seconds since 1970, UTC) is every member's. kUsage tells of a name that is too long.
  static Result<Archive> make(ArchiveKind kind, std::vector<Member> members, std::int64_t time);

  std::int64_t size() const;
  /// A stretch of a member: [offset, offset + size) of it.
  struct OfMember {
    std::size_t member;
    std::int64_t offset, size;
  };
  using Stretch = std::variant<std::string, OfMember>;
  /// What stands at `offset` (below size()), up to where something else begins; of heads some
  /// kilobytes at most.
  Stretch at(std::int64_t offset) const;

 private:
  std::string head(std::size_t member) const;
  std::int64_t head_size(std::size_t member) const;
  std::string ending(std::int64_t offset) const;
  ArchiveKind kind_{};
  std::int64_t time_ = 0;
  std::vector<Member> members_;
  std::vector<std::int64_t> begins_;  ///< of each member's head, then of the archive's end
  /// Of a zip: of each member's entry in the central directory, then of what closes that.
  std::vector<std::int64_t> entries_;
  std::int64_t size_ = 0;
};

}  // namespace recorte::store
