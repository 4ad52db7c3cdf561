/// What all connections of an edge share.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/edge.hpp"
#include "server/http/pool.hpp"
#include "server/http/sender.hpp"
#include "server/http/share.hpp"
#include "server/http/throttle.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace recorte::http {

class Connection;

struct Hub {
  Hub(EdgeOptions with, Edge::Handle answer, Observer observe);

  const EdgeOptions options;
  const Edge::Handle handle;
  const Observer observer;
  std::string listening;  ///< "host:port", set before the first connection comes

  Throttle throttle;
  std::atomic<std::size_t> body_bytes = 0;  ///< of all bodies being read or answered
  std::atomic<std::uint64_t> refused = 0;
  std::atomic<bool> draining = false;

  /// Connections that are open or owe an answer, by their address in memory: to be looked at, and
  /// to be ended.
  std::mutex connections_mutex;
  std::condition_variable none;  ///< of them is left
  std::map<const Connection*, std::shared_ptr<Connection>> connections;
  bool ending = false;  ///< no more are taken in

  /// Requests read and not yet answered whole.
  std::mutex answering_mutex;
  std::condition_variable answered;
  std::size_t answering = 0;

  /// Descriptors of our own, one for each connection with a request in flight.
  std::size_t most_sockets = 0;  ///< set before the first connection comes
  std::atomic<std::size_t> sockets = 0;

  Pool pool;
  Sender sender;  ///< the last: its thread uses all of the above

  /// Looks at every connection's deadlines.
  void tick();
  Share body_share() { return {body_bytes, options.limits.bodies}; }
  /// A descriptor of the same socket; null where there are as many as there may be.
  std::shared_ptr<const Fd> own_socket(int descriptor);
  void begin_answer();
  void end_answer();
  /// Takes a connection in; false where a limit says no, or the edge ends.
  bool admit(std::shared_ptr<Connection> connection);
  /// Once it is closed and owes no answer.
  void forget(const Connection& connection);
  /// A copy, to be walked without the lock.
  std::vector<std::shared_ptr<Connection>> all_connections();
};

}  // namespace recorte::http
