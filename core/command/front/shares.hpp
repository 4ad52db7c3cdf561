/// Shares of a sequence among several takers, each a range of its own, so that what one takes next
/// lies beside what it took before. Who has nothing left takes over half of the largest rest.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <vector>

namespace recorte::command {

class Shares {
 public:
  struct Range {
    std::size_t begin = 0, end = 0;
    std::size_t size() const { return end - begin; }
  };

  Shares(std::size_t length, std::size_t takers) {
    for (std::size_t i = 0; i < takers; ++i)
      rest_.push_back({length / takers * i + std::min(i, length % takers),
                       length / takers * (i + 1) + std::min(i + 1, length % takers)});
  }

  /// Up to `most` (1 or more) further ones for that taker; none once all are taken. [any thread]
  Range take(std::size_t taker, std::size_t most) {
    const std::lock_guard lock(mutex_);
    auto& own = rest_[taker];
    if (own.size() == 0) {
      auto& other = *std::max_element(rest_.begin(), rest_.end(), [](const auto& a, const auto& b) {
        return a.size() < b.size();
      });
      const auto half = (other.size() + 1) / 2;  // none of none
      own = {other.end - half, other.end};
      other.end -= half;
    }
    const Range out{own.begin, own.begin + std::min(most, own.size())};
    own.begin = out.end;
    return out;
  }

 private:
  std::mutex mutex_;
  std::vector<Range> rest_;
};

}  // namespace recorte::command
