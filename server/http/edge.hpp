/// The HTTP edge: listens, reads, frames, limits, writes. Pistache accepts and reads; Boost.Beast
/// frames; nothing here blocks on a client.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/forwarded.hpp"
#include "server/http/handler.hpp"
#include "server/http/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace recorte::http {

struct EdgeOptions {
  std::string host = "127.0.0.1";  ///< numeric, or a name; "0.0.0.0", "::" for all
  std::uint16_t port = 0;          ///< 0: any free one
  /// Listens there instead, where its own user alone can connect: mode 0600.
  std::filesystem::path unix_socket;
  std::size_t reactors = 1;  ///< threads that read
  Limits limits;
  Proxies proxies;  ///< whom to believe, and the public base URL
};

class Edge {
 public:
  using Handle = std::function<void(std::shared_ptr<Request>, Reply)>;
  /// Begins to listen. kUnavailable names host and port, or the socket, and the reason. Handlers
  /// run on the edge's own bounded pool of threads.
  static Result<std::unique_ptr<Edge>> start(EdgeOptions options, Handle handle, Observer observer);
  /// Ends at once; see drain().
  ~Edge();
  Edge(const Edge&) = delete;
  Edge& operator=(const Edge&) = delete;

  std::uint16_t port() const;  ///< 0 on a Unix socket
  /// New requests get 503 and Connection: close, idle connections end, answers in flight are
  /// finished, at most for `grace_ms`. Returns whether all were.
  bool drain(std::int64_t grace_ms);
  std::size_t connections() const;  ///< open now
  std::size_t answering() const;    ///< requests read and not yet answered whole
  std::uint64_t refused() const;    ///< connections and requests turned away by a limit

 private:
  struct Implementation;
  explicit Edge(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace recorte::http
