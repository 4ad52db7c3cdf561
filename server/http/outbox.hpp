/// Bytes on their way out: memory and file ranges in order, written to a non-blocking socket as far
/// as it takes them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/response.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

namespace recorte::http {

class Outbox {
 public:
  /// What frames a body: sent, and not counted as body.
  void add_frame(std::string bytes);
  void add_body(Piece piece);
  bool empty() const { return segments_.empty(); }

  enum class Outcome {
    kAll,      ///< nothing is left
    kBlocked,  ///< the socket takes no more for now
    kBudget,   ///< `budget` bytes went, more could
    kBroken,   ///< the socket or a file failed: what is left cannot be sent
    kShort,    ///< a file ended before what was to be sent of it
  };
  /// Never blocks on the client. `budget` is reduced by what went.
  Outcome write(int socket, std::int64_t& budget);
  std::int64_t sent() const { return sent_; }
  std::int64_t body_sent() const { return body_sent_; }

 private:
  struct Segment {
    std::shared_ptr<const char> memory;
    std::shared_ptr<const Fd> file;
    std::int64_t offset = 0, left = 0;
    bool body = false;
  };
  std::int64_t write_memory(int socket, std::int64_t budget);
  std::int64_t write_file(int socket, std::int64_t budget);
  void advance(std::int64_t bytes);

  std::deque<Segment> segments_;
  std::int64_t sent_ = 0, body_sent_ = 0;
};

}  // namespace recorte::http
