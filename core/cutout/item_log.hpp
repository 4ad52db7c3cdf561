/// How a worker writes the items of a batch task into its sink so that whoever reads the file later
/// knows what is whole: a head of fixed size, the product, what is said of it (its Outcome); the
/// head is written last. The file ends where no good head follows.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/task.hpp"

#include <cstdint>
#include <vector>

namespace recorte::cutout {

inline constexpr std::int64_t kItemHead = 32;  ///< bytes before each product

/// Leaves room for the head at the end of `fd`, which then stands where its product begins.
Status begin_item(int fd);
/// Ends the item that was begun at `at`: `outcome.offset` and `bytes` say where its product lies
/// in the file (of one that failed, nothing), which stands behind it afterwards.
Status end_item(int fd, std::int64_t at, const Outcome& outcome);
/// The whole items from `begin` of the file on, in order; `end` is where the last one ends.
Result<std::vector<Outcome>> read_items(int fd, std::int64_t& end, std::int64_t begin = 0);

}  // namespace recorte::cutout
