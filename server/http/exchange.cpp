// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/exchange.hpp"

#include "core/base/id.hpp"
#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "server/http/head.hpp"
#include "server/http/parameters.hpp"
#include "server/http/socket.hpp"
#include "server/http/trace.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <utility>

namespace recorte::http {
namespace {

/// Bytes that one answer may write before others have their turn.
constexpr std::int64_t kTurnBytes = 1 << 20;
/// What is asked of a source at once: so many pieces, or so many bytes.
constexpr int kPieces = 16;
constexpr std::int64_t kSupply = 256 << 10;
/// What one who is told 503 for want of room is told to wait, seconds.
constexpr std::int64_t kRetryAfter = 2;

std::string chunk_head(std::int64_t size) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%llx\r\n", static_cast<unsigned long long>(size));
  return text.data();
}

std::int64_t size_of(const Piece& piece) {
  return std::visit([](const auto& part) { return part.size; }, piece);
}

}  // namespace

Exchange::Exchange(std::shared_ptr<Hub> hub, Framed framed, std::shared_ptr<const Fd> socket,
                   std::string peer, Done done)
    : hub_(std::move(hub)),
      framed_(std::move(framed)),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      done_(std::move(done)),
      began_us_(now_micros()),
      keep_(framed_.keep_alive) {
  hub_->begin_answer();
  request_->method = std::move(framed_.method);
  request_->headers = std::move(framed_.headers);
  request_->body = std::move(framed_.body);
  request_->address = peer_;
  const auto random = random_hex(8 + 16);
  request_->id = random.substr(0, 16);
  request_->traceparent =
      continue_trace(request_->headers, std::string_view(random).substr(16), request_->id);
}

void Exchange::start() {
  if (hub_->draining)
    return refuse({503, "The server is about to end; ask another, or later."}, kRetryAfter);
  if (!hub_->pool.post([self = shared_from_this()] { self->handle(); }))
    refuse({503, "The server has as many requests waiting as it may (server.limits.waiting)."},
           kRetryAfter);
}

void Exchange::refuse(const Refusal& refusal, std::int64_t retry_after) {
  if (begun_.exchange(true)) return;
  ++hub_->refused;
  // For the record; a target that cannot be read is worth no other answer.
  if (request_->path.empty() && take_target(framed_.target, *request_))
    apply_forwarded(hub_->options.proxies, peer_, hub_->listening, *request_);
  auto response =
      text_response(refusal.status, "text/plain; charset=utf-8", refusal.message + "\n");
  if (retry_after > 0) response.headers.add("Retry-After", std::to_string(retry_after));
  response.notes.error = refusal.message;
  response.close = true;
  send(std::move(response));
}

/// On a handler thread.
void Exchange::handle() {
  const auto id = request_->id;  // by then the request may have been answered
  try {
    ask();
  } catch (const std::exception& e) {
    log::write(log::Level::kError, std::string("a request could not be handled: ") + e.what(),
               {{"request_id", id}});
    refuse({500, "The server failed to handle this request; try again later."});
  }
}

void Exchange::ask() {
  if (auto read = read_request(); !read) request_->trouble = std::move(read).error();
  const auto& address = request_->address;
  if (!hub_->options.proxies.trusts(address))
    if (const auto wait = hub_->throttle.wait_for(address, monotonic_ms()); wait > 0)
      return refuse({429, "Too many requests from " + address +
                              " (server.limits.requests_per_second); try again later."},
                    wait);
  const auto reply = [self = shared_from_this()](Response response) {
    self->answer(std::move(response));
  };
  hub_->handle(request_, Reply(reply, gone_));
}

Status Exchange::read_request() {
  RECORTE_TRY(take_target(framed_.target, *request_));
  apply_forwarded(hub_->options.proxies, peer_, hub_->listening, *request_);
  return take_parameters(hub_->options.limits.parameters, *request_);
}

void Exchange::abandon() {
  if (!begun_.exchange(true)) ended(false);
}

void Exchange::answer(Response response) {
  if (!begun_.exchange(true)) send(std::move(response));
}

void Exchange::send(Response response) {
  if (response.status == 200 && (request_->method == "GET" || request_->method == "HEAD"))
    apply_conditions(*request_, response);
  keep_ = keep_ && !response.close && !hub_->draining;
  ending_.status = response.status;
  ending_.notes = std::move(response.notes);

  HeadFacts facts;
  const bool none = bodiless(response.status);
  std::vector<Piece> pieces;
  if (auto* whole = std::get_if<std::vector<Piece>>(&response.body)) {
    pieces = std::move(*whole);
    std::int64_t length = 0;
    for (const auto& piece : pieces) length += size_of(piece);
    if (!none) facts.length = length;
  } else if (auto* range = std::get_if<SourceRange>(&response.body)) {
    source_ = std::move(*range);
    if (!none) facts.length = source_.size;
  } else {
    stream_ = std::move(std::get<std::unique_ptr<Stream>>(response.body));
    chunked_ = framed_.minor > 0;
    facts.chunked = chunked_ && !none;
    keep_ = keep_ && chunked_;
  }
  if (none || request_->method == "HEAD") {
    pieces.clear();
    stream_.reset();
    source_ = {};
  }
  facts.keep_alive = keep_;
  facts.said_so = framed_.minor == 0;
  facts.id = request_->id;
  facts.traceparent = request_->traceparent;
  outbox_.add_frame(head_text(response, facts));
  for (auto& piece : pieces) outbox_.add_body(std::move(piece));

  writing_ = true;
  const auto self = shared_from_this();
  // A stream may be woken from any thread: its turns are the sender's alone.
  if (stream_) return hub_->sender.take(self);
  switch (turn()) {
    case Turn::kWhole: return ended(true);
    case Turn::kBroken: return ended(false);
    default: hub_->sender.take(self);
  }
}

Sending::Turn Exchange::turn() {
  auto budget = kTurnBytes;
  starved_ = false;
  for (;;) {
    const auto outcome = outbox_.write(descriptor(), budget);
    sent_ = outbox_.sent();
    if (outcome == Outbox::Outcome::kBlocked) return Turn::kBlocked;
    if (outcome == Outbox::Outcome::kBudget) return Turn::kMore;
    if (outcome == Outbox::Outcome::kBroken) return Turn::kBroken;
    if (outcome == Outbox::Outcome::kShort) {
      ending_.notes.error = "a file of the answer is shorter than it was";
      return Turn::kBroken;
    }
    switch (supply()) {
      case Supply::kSome: break;
      case Supply::kLater: starved_ = true; return Turn::kLater;
      case Supply::kEnd: return Turn::kWhole;
      case Supply::kBroken: return Turn::kBroken;
    }
  }
}

/// All that there was has gone.
Exchange::Supply Exchange::supply() {
  if (stream_) return supply_from_stream();
  return source_.size > 0 ? supply_from_source() : Supply::kEnd;
}

/// Several pieces at once, so that a small one leaves with what follows it.
Exchange::Supply Exchange::supply_from_source() {
  std::int64_t taken = 0;
  for (int pieces = 0; pieces < kPieces && taken < kSupply && source_.size > 0; ++pieces) {
    auto piece = source_.source->at(source_.offset);
    if (!piece) {
      ending_.notes.error = std::move(piece).error().message;
      return Supply::kBroken;
    }
    const auto size = std::min(size_of(*piece), source_.size);
    if (size <= 0) {
      ending_.notes.error = "a source of the answer is shorter than it said";
      return Supply::kBroken;
    }
    std::visit([&](auto& part) { part.size = size; }, *piece);
    outbox_.add_body(std::move(*piece));
    source_.offset += size;
    source_.size -= size;
    taken += size;
  }
  if (source_.size == 0) source_.source.reset();
  return Supply::kSome;
}

Exchange::Supply Exchange::supply_from_stream() {
  Piece piece;
  const auto next =
      stream_->next(piece, [hub = hub_, self = shared_from_this()] { hub->sender.wake(self); });
  if (!next) {
    ending_.notes.error = next.error().message;
    return Supply::kBroken;
  }
  if (*next == Stream::State::kLater) return Supply::kLater;
  if (*next == Stream::State::kEnd) {
    if (chunked_) outbox_.add_frame("0\r\n\r\n");
    stream_.reset();
  } else if (const auto size = size_of(piece); size > 0) {
    if (chunked_) outbox_.add_frame(chunk_head(size));
    outbox_.add_body(std::move(piece));
    if (chunked_) outbox_.add_frame("\r\n");
  }
  return Supply::kSome;
}

void Exchange::ended(bool whole) {
  writing_ = false;
  stream_.reset();
  source_ = {};
  ending_.bytes = outbox_.body_sent();
  ending_.micros = now_micros() - began_us_;
  ending_.whole = whole;
  ending_.route = request_->route;
  if (outbox_.sent() == 0) ending_.status = 0;
  outbox_ = {};
  framed_.share = {};
  hub_->observer(*request_, ending_);
  done_(!whole ? After::kAbort : keep_ ? After::kKeep : After::kClose);
  // Whoever still has a way back to here keeps no descriptor open with it, and no body.
  socket_.reset();
  request_.reset();
  hub_->end_answer();
}

void Exchange::look(std::int64_t now_ms) {
  const auto& limits = hub_->options.limits;
  // What the kernel holds for the client has not left.
  const auto held = unacknowledged(descriptor());
  const auto left = sent_ - held;
  if (!writing_ || (starved_ && held == 0)) {  // the client waits for us
    window_ms_ = 0;
  } else if (window_ms_ == 0) {
    window_ms_ = now_ms;
    window_sent_ = left;
  } else if (const auto passed = now_ms - window_ms_; passed >= limits.write_ms) {
    if ((left - window_sent_) * 1000 < limits.slowest * passed) shut_socket(descriptor());
    window_ms_ = now_ms;
    window_sent_ = left;
  }
}

}  // namespace recorte::http
