// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/sender.hpp"

#include "core/base/time.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace recorte::http {

Sender::Sender(std::function<void()> tick, std::int64_t tick_ms)
    : tick_(std::move(tick)),
      tick_ms_(tick_ms),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  if (!epoll_ || !bell_ || ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, bell_.get(), &event) != 0)
    throw std::runtime_error(os_error("cannot watch sockets").message);
  thread_ = std::thread([this] { run(); });
}

void Sender::take(std::shared_ptr<Sending> sending) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) {
      inbox_.push_back(std::move(sending));
      return ring();
    }
  }
  sending->ended(false);
}

void Sender::wake(std::shared_ptr<Sending> sending) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  woken_.push_back(std::move(sending));
  ring();
}

/// With the mutex: once for all that came since the thread last looked.
void Sender::ring() {
  if (inbox_.size() + woken_.size() == 1) ::eventfd_write(bell_.get(), 1);
}

void Sender::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    ::eventfd_write(bell_.get(), 1);
  }
  if (thread_.joinable()) thread_.join();
}

void Sender::run() {
  auto next_tick = monotonic_ms() + tick_ms_;
  for (;;) {
    const auto left = std::max<std::int64_t>(next_tick - monotonic_ms(), 0);
    collect(ready_.empty() ? static_cast<int>(left) : 0);
    take_new();
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) break;
    }
    // One turn for each that is ready now; who is not done comes again after the others.
    for (auto turns = ready_.size(); turns > 0; --turns) {
      auto* key = ready_.front();
      ready_.pop_front();
      give_turn(key);
    }
    if (monotonic_ms() >= next_tick) {
      tick_();
      next_tick = monotonic_ms() + tick_ms_;
    }
  }
  take_new();
  while (!watched_.empty()) end(watched_.begin()->first, false);
}

void Sender::collect(int timeout_ms) {
  std::array<epoll_event, 64> events;
  const int n = ::epoll_wait(epoll_.get(), events.data(), events.size(), timeout_ms);
  for (int i = 0; i < n; ++i) {
    auto* key = static_cast<Sending*>(events[i].data.ptr);
    if (!key) {
      eventfd_t count = 0;
      ::eventfd_read(bell_.get(), &count);
      continue;
    }
    const auto at = watched_.find(key);
    if (at == watched_.end()) continue;
    // Shut both ways, or reset: nothing more will be taken.
    if (events[i].events & (EPOLLERR | EPOLLHUP))
      end(key, false);
    else
      make_ready(at->second);
  }
}

void Sender::take_new() {
  std::vector<std::shared_ptr<Sending>> taken, woken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(inbox_);
    woken.swap(woken_);
  }
  for (auto& sending : taken) {
    auto& watched = watched_[sending.get()];
    watched.sending = std::move(sending);
    make_ready(watched);
  }
  for (const auto& sending : woken)
    if (const auto at = watched_.find(sending.get()); at != watched_.end()) make_ready(at->second);
}

void Sender::make_ready(Watched& watched) {
  if (std::exchange(watched.ready, true)) return;
  ready_.push_back(watched.sending.get());
}

void Sender::give_turn(Sending* key) {
  const auto at = watched_.find(key);
  if (at == watched_.end()) return;
  auto& watched = at->second;
  watched.ready = false;
  switch (watched.sending->turn()) {
    case Sending::Turn::kMore: return make_ready(watched);
    case Sending::Turn::kBlocked: return watch(watched, EPOLLOUT | EPOLLET);
    case Sending::Turn::kLater: return watch(watched, 0);  // still told of errors
    case Sending::Turn::kWhole: return end(key, true);
    case Sending::Turn::kBroken: return end(key, false);
  }
}

void Sender::watch(Watched& watched, int events) {
  if (watched.watching == events) return;
  epoll_event event{};
  event.events = static_cast<std::uint32_t>(events);
  event.data.ptr = watched.sending.get();
  const int how = watched.watching == kNot ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  if (::epoll_ctl(epoll_.get(), how, watched.sending->descriptor(), &event) != 0)
    return end(watched.sending.get(), false);
  watched.watching = events;
}

void Sender::end(Sending* key, bool whole) {
  const auto at = watched_.find(key);
  const auto watched = std::move(at->second);
  watched_.erase(at);
  // Other descriptors of the same socket would keep its registration alive.
  if (watched.watching != kNot)
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, watched.sending->descriptor(), nullptr);
  watched.sending->ended(whole);
}

}  // namespace recorte::http
