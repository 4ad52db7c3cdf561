/// How a request meets its answer: a handler gets the request and a Reply that it may keep, hand to
/// another thread, and call once.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace recorte::http {

/// The way back. Copies share one answer: the first call counts. When the last copy goes without a
/// call, the client gets 500.
class Reply {
 public:
  /// What the edge (or a test) does with the answer; `gone` becomes true when the client has left.
  Reply(std::function<void(Response)> send, std::shared_ptr<const std::atomic<bool>> gone);
  /// [any thread] Never blocks.
  void operator()(Response response) const;
  /// True once nobody waits for the answer any more: work for it can be cancelled.
  std::shared_ptr<const std::atomic<bool>> gone() const;
  /// The same way back, with something done to the response first. It takes the place of this one:
  /// let this one go, and the 500 of a call that never comes is treated so too.
  Reply then(std::function<void(Response&)> before) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

using Handler = std::function<void(std::shared_ptr<const Request>, Reply)>;

/// How a request ended, told after its last byte.
struct Ending {
  int status = 0;           ///< 0: no answer was begun
  std::int64_t bytes = 0;   ///< of body, sent
  std::int64_t micros = 0;  ///< from the request's last byte in to the answer's last byte out
  bool whole = true;        ///< false: the client left, or was too slow
  std::string route;        ///< pattern of the route; "" where none matched
  Notes notes;
};
/// Called on the edge's threads: must not block.
using Observer = std::function<void(const Request&, const Ending&)>;

}  // namespace recorte::http
