/// Where the symbolic links below a directory lead: who may read the directory needs their targets
/// too, since a fence is put around files, and not around names.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace recorte::trust {

/// Past these the rest is not looked at.
struct LinkBounds {
  std::size_t entries = 2'000'000, links = 10'000;
  std::int64_t wall_ms = 10'000;
};

struct Links {
  /// Outside of the directory, with no links in their paths; what lies below another is not told.
  std::vector<std::filesystem::path> targets;
  bool complete = true;
};

/// Of the targets that are directories, too. What cannot be read is passed over.
Links links_below(const std::filesystem::path& directory, const LinkBounds& bounds = {});

/// Whether it is `directory` or below it. Both without links in them.
bool is_within(const std::filesystem::path& path, const std::filesystem::path& directory);

}  // namespace recorte::trust
