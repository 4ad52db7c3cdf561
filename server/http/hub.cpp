// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/hub.hpp"

#include "core/base/time.hpp"
#include "server/http/connection.hpp"
#include "server/http/socket.hpp"

namespace recorte::http {
namespace {

/// How often deadlines are looked at.
constexpr std::int64_t kTickMs = 250;

}  // namespace

Hub::Hub(EdgeOptions with, Edge::Handle answer, Observer observe)
    : options(std::move(with)),
      handle(std::move(answer)),
      observer(std::move(observe)),
      throttle(options.limits),
      pool(options.limits.handlers, options.limits.waiting),
      sender([this] { tick(); }, kTickMs) {}

void Hub::tick() {
  const auto now = monotonic_ms();
  for (const auto& connection : all_connections()) connection->look(now);
  throttle.sweep(now);
}

bool Hub::admit(std::shared_ptr<Connection> connection) {
  const auto& address = connection->address();
  const std::lock_guard lock(connections_mutex);
  if (ending || connections.size() >= options.limits.connections) return false;
  if (!options.proxies.trusts(address) && !throttle.connect(address)) return false;
  const auto* key = connection.get();
  connections.emplace(key, std::move(connection));
  return true;
}

void Hub::forget(const Connection& connection) {
  std::shared_ptr<Connection> last;  // ends outside of the lock
  const std::lock_guard lock(connections_mutex);
  const auto at = connections.find(&connection);
  if (at == connections.end()) return;
  last = std::move(at->second);
  connections.erase(at);
  if (!options.proxies.trusts(last->address())) throttle.disconnect(last->address());
  if (connections.empty()) none.notify_all();
}

std::vector<std::shared_ptr<Connection>> Hub::all_connections() {
  const std::lock_guard lock(connections_mutex);
  std::vector<std::shared_ptr<Connection>> out;
  out.reserve(connections.size());
  for (const auto& [key, connection] : connections) out.push_back(connection);
  return out;
}

std::shared_ptr<const Fd> Hub::own_socket(int descriptor) {
  if (sockets.fetch_add(1) < most_sockets)
    if (auto own = duplicate(descriptor))
      return {new Fd(std::move(own)), [this](const Fd* socket) {
                delete socket;
                --sockets;
              }};
  --sockets;
  return nullptr;
}

void Hub::begin_answer() {
  const std::lock_guard lock(answering_mutex);
  ++answering;
}

void Hub::end_answer() {
  const std::lock_guard lock(answering_mutex);
  if (--answering == 0) answered.notify_all();
}

}  // namespace recorte::http
