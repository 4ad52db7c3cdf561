/// One request and its answer: from the last byte in to the last byte out.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/framer.hpp"
#include "server/http/handler.hpp"
#include "server/http/hub.hpp"
#include "server/http/outbox.hpp"
#include "server/http/sender.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace recorte::http {

class Exchange : public Sending, public std::enable_shared_from_this<Exchange> {
 public:
  enum class After {
    kKeep,   ///< the connection may go on
    kClose,  ///< it ends after this answer
    kAbort,  ///< the answer broke off
  };
  /// Called once, after the last byte.
  using Done = std::function<void(After)>;
  Exchange(std::shared_ptr<Hub> hub, Framed framed, std::shared_ptr<const Fd> socket,
           std::string peer, Done done);

  /// Hands the request to a handler thread, or refuses it. [any thread]
  void start();
  /// Answers without a handler, and ends the connection. [any thread]
  void refuse(const Refusal& refusal, std::int64_t retry_after = 0);
  /// Ends it where no answer has begun; one that comes later is thrown away. [any thread]
  void abandon();
  /// The client has gone: nobody waits for the answer any more.
  void leave() { gone_->store(true); }
  /// Ends the answer of a client that takes less than the slowest may.
  void look(std::int64_t now_ms);

  int descriptor() const override { return socket_->get(); }
  Turn turn() override;
  void ended(bool whole) override;

 private:
  void handle();
  void ask();
  Status read_request();
  void answer(Response response);
  void send(Response response);
  enum class Supply { kSome, kLater, kEnd, kBroken };
  Supply supply();
  Supply supply_from_source();
  Supply supply_from_stream();

  const std::shared_ptr<Hub> hub_;
  Framed framed_;
  std::shared_ptr<const Fd> socket_;  ///< none once ended
  const std::string peer_;
  const Done done_;
  std::shared_ptr<Request> request_ = std::make_shared<Request>();
  const std::shared_ptr<std::atomic<bool>> gone_ = std::make_shared<std::atomic<bool>>(false);
  const std::int64_t began_us_;

  // Of the answer.
  std::atomic<bool> begun_ = false;
  bool keep_ = true;
  bool chunked_ = false;
  Ending ending_;
  Outbox outbox_;
  std::unique_ptr<Stream> stream_;
  SourceRange source_;  ///< what is left of it

  // What look() sees: bytes that left, and how many had at the last look.
  std::atomic<bool> writing_ = false;
  std::atomic<bool> starved_ = false;  ///< all is sent that the stream has given so far
  std::atomic<std::int64_t> sent_ = 0;
  std::int64_t window_ms_ = 0, window_sent_ = 0;
};

}  // namespace recorte::http
