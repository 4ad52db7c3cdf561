/// One holder's part of a bound that many share (the bytes of all bodies): taken as it grows, given
/// back when it goes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace recorte::http {

class Share {
 public:
  Share() = default;
  /// Of at most `bound` in `used`, which outlives it.
  Share(std::atomic<std::size_t>& used, std::size_t bound) : used_(&used), bound_(bound) {}
  Share(Share&& other) noexcept { *this = std::move(other); }
  Share& operator=(Share&& other) noexcept {
    std::swap(used_, other.used_);
    std::swap(bound_, other.bound_);
    std::swap(taken_, other.taken_);
    return *this;
  }
  ~Share() {
    if (used_) *used_ -= taken_;
  }

  /// False, and nothing taken, where that is more than is left.
  bool take(std::size_t amount) {
    const auto before = used_->fetch_add(amount);
    if (amount > bound_ || before > bound_ - amount) {
      *used_ -= amount;
      return false;
    }
    taken_ += amount;
    return true;
  }

 private:
  std::atomic<std::size_t>* used_ = nullptr;
  std::size_t bound_ = 0, taken_ = 0;
};

}  // namespace recorte::http
