// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/room.hpp"

#include <algorithm>

namespace recorte::schedule {

Room::Room(std::uint64_t bytes, Micros patience) : bytes_(bytes), patience_(patience) {}

bool Room::is_kept_for_another(const Ticket& ticket, Micros now) const {
  for (const auto* other : waiting_) {
    if (other == &ticket) continue;
    if (other->real_time != ticket.real_time) {
      if (other->real_time) return true;
      continue;
    }
    const bool first = ticket.since == 0 || other->since < ticket.since;
    if (first && now - other->since >= patience_) return true;
  }
  return false;
}

bool Room::take(Ticket& ticket, Micros now) {
  if (ticket.has || ticket.bytes == 0) return true;
  const std::lock_guard lock(mutex_);
  ticket.bytes = std::min(ticket.bytes, bytes_);
  if (ticket.bytes <= bytes_ - taken_ && !is_kept_for_another(ticket, now)) {
    taken_ += ticket.bytes;
    ticket.has = true;
    waiting_.remove(&ticket);
    return true;
  }
  if (ticket.since == 0) {
    ticket.since = now;
    waiting_.push_back(&ticket);
  }
  return false;
}

void Room::give_back(Ticket& ticket) {
  const std::lock_guard lock(mutex_);
  if (ticket.has) taken_ -= ticket.bytes;
  ticket.has = false;
  ticket.since = 0;
  waiting_.remove(&ticket);
}

std::uint64_t Room::taken() const {
  const std::lock_guard lock(mutex_);
  return taken_;
}

}  // namespace recorte::schedule
