/// Which worker has a task's images open already: tasks of one survey and one place want the same
/// files.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/task.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace recorte::worker {

/// The survey and the quarter degree of sky of a task's first item, as a number; 0 for none.
std::uint64_t place_of(const cutout::Task& task);

/// The last places that a worker was at.
class Warmth {
 public:
  bool holds(std::uint64_t place) const;
  void add(std::uint64_t place);

 private:
  std::array<std::uint64_t, 64> places_{};
  std::size_t next_ = 0;
};

}  // namespace recorte::worker
