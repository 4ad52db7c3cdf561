/// What a plugin must leave as it found it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace recorte::check {

struct ProcessState {
  static ProcessState now();

  /// What differs, in words: "a thread is left", "the handler of SIGTERM was changed"; or nothing.
  std::vector<std::string> changes(const ProcessState& before) const;

  std::size_t threads = 0;
  std::map<int, std::string> descriptors;  ///< and what each is
  std::array<void*, 65> handlers{};        ///< of signals
  std::string directory, locale, environment;
  std::set<std::string> files;  ///< in the working directory
  unsigned mask = 0;            ///< umask
  int rounding = 0;             ///< of floating-point numbers
  bool children = false;
};

/// Bytes that this process has taken from the allocator.
std::size_t allocated_bytes();

}  // namespace recorte::check
