/// Which plugins a process uses: where they are, and which of them it must not use all the same.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace recorte::plugin {

/// One version of a plugin that is there, and refused to who asks for it, with a sentence.
struct Withdrawn {
  std::string id, version;
  std::string why;  ///< "it crashed 5 times in 10 minutes"
  bool operator==(const Withdrawn&) const = default;
};

struct InUse {
  std::vector<std::filesystem::path> directories = {};
  std::vector<Withdrawn> withdrawn = {};
  /// What the directories last as long as; null: longer than this.
  std::shared_ptr<const void> kept = nullptr;

  bool operator==(const InUse& other) const {
    return directories == other.directories && withdrawn == other.withdrawn;
  }
};
using SharedInUse = std::shared_ptr<const InUse>;

}  // namespace recorte::plugin
