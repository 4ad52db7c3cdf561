// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/edge.hpp"

#include "core/base/time.hpp"
#include "server/http/connection.hpp"
#include "server/http/hub.hpp"
#include "server/http/local_listener.hpp"
#include "server/http/socket.hpp"

#include <arpa/inet.h>
#include <pistache/endpoint.h>
#include <pistache/peer.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <utility>

namespace recorte::http {
namespace {

/// Descriptors left for files, workers, the database.
constexpr std::size_t kSpareDescriptors = 256;
constexpr int kBacklog = 4'096;
/// Pistache's own time-outs would abort it, and it counts them from the connection's beginning,
/// which a proxy may keep for weeks: ten years.
constexpr auto kNever = std::chrono::hours(24 * 3'650);
/// How long the end waits for the readers to close what was shut.
constexpr auto kClosing = std::chrono::seconds(5);
constexpr auto kConnection = "connection";

/// Pistache's side: whatever it accepts and reads goes to a Connection.
class Reader : public Pistache::Http::Handler {
  HTTP_PROTOTYPE(Reader)

 public:
  explicit Reader(std::shared_ptr<Hub> hub) : hub_(std::move(hub)) {}

  using Peer = std::shared_ptr<Pistache::Tcp::Peer>;

  void onRequest(const Pistache::Http::Request&, Pistache::Http::ResponseWriter) override {}

  void onConnection(const Peer& peer) override {
    // Its timer looks for a parser on every peer.
    peer->putData(ParserData, std::make_shared<Pistache::Http::RequestParser>(1));
    const int descriptor = peer->fd();
    auto connection = std::make_shared<Connection>(hub_, descriptor, peer_address(descriptor));
    if (!hub_->admit(connection)) {
      ++hub_->refused;
      return shut_socket(descriptor);
    }
    peer->putData(kConnection, std::make_shared<Held>(std::move(connection)));
  }

  void onInput(const char* bytes, std::size_t size, const Peer& peer) override {
    if (const auto held = held_by(peer)) held->connection->input({bytes, size});
  }

  void onDisconnection(const Peer& peer) override {
    if (const auto held = held_by(peer)) held->let_go()->disconnected();
  }

 private:
  /// What a peer has of ours. Only its reader's thread uses it, and lets go of it: who destroys a
  /// peer is any of Pistache's threads.
  struct Held {
    explicit Held(std::shared_ptr<Connection> of) : connection(std::move(of)) {}
    std::shared_ptr<Connection> let_go() { return std::move(connection); }
    std::shared_ptr<Connection> connection;
  };
  static std::shared_ptr<Held> held_by(const Peer& peer) {
    return std::static_pointer_cast<Held>(peer->tryGetData(kConnection));
  }

  std::shared_ptr<Hub> hub_;
};

/// The port to listen on: that of `where`, or a free one for 0. Or why nobody can listen there, in
/// the system's own words, which Pistache does not pass on.
Result<std::uint16_t> free_port(sockaddr_storage where, const std::string& name) {
  const Fd probe(::socket(where.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  ::setsockopt(probe.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  socklen_t size = where.ss_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  auto* address = reinterpret_cast<sockaddr*>(&where);
  if (!probe || ::bind(probe.get(), address, size) != 0 || ::listen(probe.get(), 1) != 0 ||
      ::getsockname(probe.get(), address, &size) != 0)
    return fail(ErrorCode::kUnavailable, os_error("cannot listen on " + name).message);
  return ntohs(where.ss_family == AF_INET ? reinterpret_cast<sockaddr_in*>(&where)->sin_port
                                          : reinterpret_cast<sockaddr_in6*>(&where)->sin6_port);
}

std::string numeric(const sockaddr_storage& where) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* address =
      where.ss_family == AF_INET
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(&where)->sin_addr)
          : &reinterpret_cast<const sockaddr_in6*>(&where)->sin6_addr;
  ::inet_ntop(where.ss_family, address, text.data(), text.size());
  return where.ss_family == AF_INET6 ? "[" + std::string(text.data()) + "]" : text.data();
}

}  // namespace

struct Edge::Implementation {
  std::shared_ptr<Hub> hub;
  std::unique_ptr<Pistache::Http::Endpoint> endpoint;  ///< where it listens to the network
  std::unique_ptr<LocalListener> local;                ///< on a Unix socket
  std::uint16_t port = 0;

  Status listen_to_network();
  Status listen_to_socket();
};

Edge::Edge(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}

Status Edge::Implementation::listen_to_network() {
  const auto& options = hub->options;
  const auto name = authority(options.host, options.port);
  const auto addresses = resolve(options.host, options.port);
  if (!addresses) return fail(addresses.error());
  if (addresses->empty())
    return fail(ErrorCode::kUnavailable,
                "cannot listen on " + name + ": it is no internet address");
  const auto free = free_port(addresses->front(), name);
  if (!free) return fail(free.error());
  port = *free;
  hub->listening = authority(options.host, port);
  try {
    endpoint = std::make_unique<Pistache::Http::Endpoint>(
        Pistache::Address(numeric(addresses->front()) + ":" + std::to_string(port)));
    endpoint->init(
        Pistache::Http::Endpoint::options()
            .threads(static_cast<int>(std::max<std::size_t>(1, options.reactors)))
            .backlog(kBacklog)
            .flags(Pistache::Flags<Pistache::Tcp::Options>(Pistache::Tcp::Options::ReuseAddr) |
                   Pistache::Tcp::Options::NoDelay | Pistache::Tcp::Options::CloseOnExec)
            .headerTimeout(kNever)
            .bodyTimeout(kNever)
            .keepaliveTimeout(kNever));
    endpoint->setHandler(std::make_shared<Reader>(hub));
    endpoint->serveThreaded();
  } catch (const std::exception& e) {
    return fail(ErrorCode::kUnavailable, "cannot listen on " + name + ": " + e.what());
  }
  return {};
}

Status Edge::Implementation::listen_to_socket() {
  hub->listening = "localhost";  // what a URL says of it
  auto listener = LocalListener::start(hub->options.unix_socket, hub);
  if (!listener) return fail(std::move(listener).error());
  local = std::move(*listener);
  return {};
}

Result<std::unique_ptr<Edge>> Edge::start(EdgeOptions options, Handle handle, Observer observer) {
  std::signal(SIGPIPE, SIG_IGN);
  // A connection costs a descriptor, and a second one while a request is in flight.
  const auto all = raise_descriptor_limit();
  const auto ours = all > 2 * kSpareDescriptors ? all - kSpareDescriptors : all / 2;
  options.limits.connections = std::min(options.limits.connections, ours * 2 / 3);

  auto implementation = std::make_unique<Implementation>();
  const bool is_local = !options.unix_socket.empty();
  auto& hub = implementation->hub;
  hub = std::make_shared<Hub>(std::move(options), std::move(handle), std::move(observer));
  hub->most_sockets = ours - hub->options.limits.connections;
  RECORTE_TRY(is_local ? implementation->listen_to_socket() : implementation->listen_to_network());
  return std::unique_ptr<Edge>(new Edge(std::move(implementation)));
}

bool Edge::drain(std::int64_t grace_ms) {
  auto& hub = *implementation_->hub;
  hub.draining = true;
  for (const auto& connection : hub.all_connections()) connection->end_if_idle();
  bool all = false;
  {
    std::unique_lock lock(hub.answering_mutex);
    all = hub.answered.wait_for(lock, std::chrono::milliseconds(grace_ms),
                                [&] { return hub.answering == 0; });
  }
  for (const auto& connection : hub.all_connections()) connection->end();
  return all;
}

/// What is in flight ends first, so that nothing is observed after the end; then Pistache, which
/// closes no descriptor as it goes, is left without connections.
Edge::~Edge() {
  auto& hub = *implementation_->hub;
  hub.draining = true;
  {
    const std::lock_guard lock(hub.connections_mutex);
    hub.ending = true;
  }
  for (const auto& connection : hub.all_connections()) connection->end();
  hub.pool.stop();
  hub.sender.stop();
  for (const auto& connection : hub.all_connections()) connection->abandon();
  {
    std::unique_lock lock(hub.answering_mutex);
    hub.answered.wait(lock, [&] { return hub.answering == 0; });
  }
  {
    std::unique_lock lock(hub.connections_mutex);
    hub.none.wait_for(lock, kClosing, [&] { return hub.connections.empty(); });
  }
  if (implementation_->endpoint) implementation_->endpoint->shutdown();
  implementation_->endpoint.reset();
  implementation_->local.reset();
  hub.connections.clear();
}

std::uint16_t Edge::port() const { return implementation_->port; }

std::size_t Edge::connections() const {
  const std::lock_guard lock(implementation_->hub->connections_mutex);
  return implementation_->hub->connections.size();
}

std::size_t Edge::answering() const {
  const std::lock_guard lock(implementation_->hub->answering_mutex);
  return implementation_->hub->answering;
}

std::uint64_t Edge::refused() const { return implementation_->hub->refused; }

}  // namespace recorte::http
