// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/connection.hpp"

#include "core/base/time.hpp"
#include "server/http/socket.hpp"

#include <utility>

namespace recorte::http {
namespace {

/// What may come of further requests while one is answered, beside one head.
constexpr std::size_t kPipelined = 64 << 10;
/// How long, and for how much, a client that still sends is listened to after the last answer, so
/// that it reads the answer and not a reset.
constexpr std::int64_t kPartingMs = 2'000;
constexpr std::size_t kPartingBytes = 64 << 20;

}  // namespace

Connection::Connection(std::shared_ptr<Hub> hub, int descriptor, std::string address)
    : hub_(std::move(hub)),
      address_(std::move(address)),
      descriptor_(descriptor),
      since_ms_(monotonic_ms()) {}

void Connection::input(std::string_view bytes) {
  Step step;
  {
    const std::lock_guard lock(mutex_);
    switch (phase_) {
      case Phase::kReading: step = read(bytes); break;
      case Phase::kAnswering:
        waiting_.append(bytes);
        if (waiting_.size() > hub_->options.limits.head + kPipelined) shut_socket(descriptor_);
        break;
      case Phase::kParting:
        thrown_away_ += bytes.size();
        if (thrown_away_ > kPartingBytes) shut_socket(descriptor_);
        break;
    }
  }
  go(step);
}

Connection::Step Connection::read(std::string_view bytes) {
  if (!framer_) {
    // An empty line before a request is forgiven (RFC 9112, 2.2).
    while (bytes.starts_with('\r') || bytes.starts_with('\n')) bytes.remove_prefix(1);
    if (bytes.empty()) return {};
    framer_ = std::make_unique<Framer>(hub_->options.limits, hub_->body_share());
    since_ms_ = monotonic_ms();
    window_ms_ = 0;
  }
  bytes.remove_prefix(framer_->feed(bytes));
  switch (framer_->state()) {
    case Framer::State::kHead: return {};
    case Framer::State::kBody:
      if (framer_->take_expectation()) tell_to_continue();
      return {};
    case Framer::State::kBroken: return refuse(framer_->refusal());
    case Framer::State::kWhole: break;
  }
  auto framed = framer_->take();
  framer_.reset();
  waiting_.assign(bytes);
  phase_ = Phase::kAnswering;
  return next(std::move(framed));
}

/// The exchange of a request, on a descriptor of our own: the other may be closed, and its number
/// given to somebody else, while the answer is made.
Connection::Step Connection::next(Framed framed) {
  if (!socket_) {
    socket_ = hub_->own_socket(descriptor_);
    if (!socket_) {
      shut_socket(descriptor_);
      return {};
    }
  }
  exchange_ = std::make_shared<Exchange>(
      hub_, std::move(framed), socket_, address_,
      [self = shared_from_this()](auto after) { self->answered(after); });
  if (descriptor_ < 0) exchange_->leave();
  return {exchange_, {}};
}

/// By value: the refusal is often the framer's own, which goes here.
Connection::Step Connection::refuse(Refusal refusal) {
  auto framed = framer_->take();
  framed.keep_alive = false;
  framed.body.clear();
  framer_.reset();
  phase_ = Phase::kParting;
  since_ms_ = monotonic_ms();
  auto step = next(std::move(framed));
  step.refusal = std::move(refusal);
  return step;
}

void Connection::go(const Step& step) {
  if (!step.exchange) return;
  if (step.refusal)
    step.exchange->refuse(*step.refusal);
  else
    step.exchange->start();
}

void Connection::tell_to_continue() {
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  // So short that a socket that has sent nothing takes it; a client that does not hear it sends on.
  ::send(descriptor_, kContinue.data(), kContinue.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void Connection::answered(Exchange::After after) {
  Step step;
  bool over = false;
  {
    const std::lock_guard lock(mutex_);
    exchange_.reset();
    if (after == Exchange::After::kKeep) {
      phase_ = Phase::kReading;
      since_ms_ = monotonic_ms();
      const auto bytes = std::exchange(waiting_, {});
      step = read(bytes);
    } else {
      part(after);
    }
    if (!exchange_) socket_.reset();
    over = !exchange_ && descriptor_ < 0;
  }
  go(step);
  if (over) hub_->forget(*this);
}

/// Says that nothing more will be sent; the client closes, or look() does. What broke off ends with
/// a reset, since the end of the connection may mean the end of the answer.
void Connection::part(Exchange::After after) {
  phase_ = Phase::kParting;
  since_ms_ = monotonic_ms();
  std::string().swap(waiting_);
  if (after == Exchange::After::kAbort)
    abort_socket(socket_->get());
  else if (descriptor_ >= 0)
    ::shutdown(descriptor_, SHUT_WR);
}

void Connection::disconnected() {
  bool over = false;
  {
    const std::lock_guard lock(mutex_);
    descriptor_ = -1;
    framer_.reset();
    over = !exchange_;
    if (exchange_) exchange_->leave();
  }
  if (over) hub_->forget(*this);
}

void Connection::look(std::int64_t now_ms) {
  Step step;
  {
    const std::lock_guard lock(mutex_);
    if (exchange_) return exchange_->look(now_ms);
    if (descriptor_ < 0) return;
    const auto& limits = hub_->options.limits;
    const auto passed = now_ms - since_ms_;
    if (phase_ == Phase::kParting) {
      if (passed > kPartingMs) shut_socket(descriptor_);
    } else if (!framer_) {
      if (passed > limits.idle_ms) shut_socket(descriptor_);
    } else if (framer_->state() == Framer::State::kHead) {
      if (passed > limits.header_ms)
        step = refuse({408, "The head of the request took longer than " +
                                std::to_string(limits.header_ms) +
                                " ms (server.limits.header_timeout)."});
    } else if (window_ms_ == 0) {
      window_ms_ = now_ms;
      window_size_ = framer_->body_size();
    } else if (const auto window = now_ms - window_ms_; window >= limits.body_ms) {
      if ((framer_->body_size() - window_size_) * 1000 < limits.slowest * window)
        step = refuse({408, "The body of the request came slower than " +
                                std::to_string(limits.slowest) +
                                " bytes a second (server.limits.slowest)."});
      window_ms_ = now_ms;
      if (framer_) window_size_ = framer_->body_size();
    }
  }
  go(step);
}

void Connection::end_if_idle() {
  const std::lock_guard lock(mutex_);
  if (descriptor_ >= 0 && phase_ == Phase::kReading && !framer_) shut_socket(descriptor_);
}

void Connection::end() {
  const std::lock_guard lock(mutex_);
  if (descriptor_ >= 0) shut_socket(descriptor_);
  if (exchange_) {
    exchange_->leave();
    shut_socket(exchange_->descriptor());
  }
}

void Connection::abandon() {
  std::shared_ptr<Exchange> exchange;
  {
    const std::lock_guard lock(mutex_);
    exchange = exchange_;
  }
  if (exchange) exchange->abandon();
}

}  // namespace recorte::http
