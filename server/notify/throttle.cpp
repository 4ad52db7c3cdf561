// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/throttle.hpp"

#include <utility>

namespace recorte::notify {

bool Throttle::admit(const std::string& text, Micros now) {
  std::erase_if(said_, [&](const auto& entry) { return entry.second + options_.same <= now; });
  while (!times_.empty() && times_.front() + options_.span <= now) times_.pop_front();
  if (!said_.contains(text) && times_.size() < options_.most) {
    said_[text] = now;
    times_.push_back(now);
    return true;
  }
  if (held_back_++ == 0) first_held_back_ = now;
  return false;
}

std::int64_t Throttle::take_held_back() { return std::exchange(held_back_, 0); }

std::optional<Micros> Throttle::due() const {
  if (held_back_ == 0) return {};
  return first_held_back_ + options_.same;
}

}  // namespace recorte::notify
