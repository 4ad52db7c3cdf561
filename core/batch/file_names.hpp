/// Names for files, made of what users call things: safe everywhere, and each but once.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace recorte::batch {

inline constexpr std::string_view kSafeMarks = "-_.+";

/// Letters, digits and `marks` stay, anything else becomes '_'; at most `longest` bytes; neither
/// empty nor hidden.
std::string safe_name(std::string_view id, std::string_view marks = kSafeMarks,
                      std::size_t longest = 128);

class FileNames {
 public:
  /// `stem` + `ending`; where that is taken, with `number` after the stem, and where that is taken
  /// too, with another number after it.
  std::string give(const std::string& stem, std::string_view ending, std::uint64_t number);

 private:
  std::unordered_set<std::size_t> used_;  ///< hashes: where two are the same, one gets a number
};

}  // namespace recorte::batch
