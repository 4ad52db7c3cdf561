/// The reading side of one connection: bytes in, requests out one at a time, deadlines.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/exchange.hpp"
#include "server/http/framer.hpp"
#include "server/http/hub.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace recorte::http {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// `descriptor` is another's, and good until disconnected().
  Connection(std::shared_ptr<Hub> hub, int descriptor, std::string address);

  /// [reactor thread] Bytes came.
  void input(std::string_view bytes);
  /// [reactor thread] The client has closed, or the connection broke; the descriptor goes.
  void disconnected();
  /// Closes it if a deadline has passed. [sender's thread]
  void look(std::int64_t now_ms);
  /// Closes it unless a request is being read or answered.
  void end_if_idle();
  /// Closes it.
  void end();
  /// Gives up the answer that no handler has begun. [as the edge ends]
  void abandon();

  const std::string& address() const { return address_; }

 private:
  enum class Phase {
    kReading,    ///< a request, or waiting for one
    kAnswering,  ///< one; what comes meanwhile is kept
    kParting,    ///< the last answer is on its way or out: what comes is thrown away
  };
  /// What is to be done once the lock is released.
  struct Step {
    std::shared_ptr<Exchange> exchange;
    std::optional<Refusal> refusal;
  };
  Step read(std::string_view bytes);
  Step next(Framed framed);
  Step refuse(Refusal refusal);
  void go(const Step& step);
  void answered(Exchange::After after);
  void tell_to_continue();
  void part(Exchange::After after);

  const std::shared_ptr<Hub> hub_;
  const std::string address_;

  std::mutex mutex_;
  int descriptor_;  ///< -1: gone
  Phase phase_ = Phase::kReading;
  std::unique_ptr<Framer> framer_;    ///< of the request being read
  std::string waiting_;               ///< came during an answer
  std::shared_ptr<const Fd> socket_;  ///< ours, while a request is answered
  std::shared_ptr<Exchange> exchange_;
  std::int64_t since_ms_;                         ///< of the phase, or of the request's first byte
  std::int64_t window_ms_ = 0, window_size_ = 0;  ///< of a body
  std::size_t thrown_away_ = 0;
};

}  // namespace recorte::http
