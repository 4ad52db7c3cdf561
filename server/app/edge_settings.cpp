// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/edge_settings.hpp"

#include "core/config/address.hpp"
#include "server/app/milliseconds.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace recorte::app {

std::string public_url(const config::Settings& settings) {
  const auto& server = settings.server;
  return server.base_url.empty() ? "http://" + server.listen : server.base_url;
}

Result<http::EdgeOptions> edge_options(const config::Settings& settings) {
  auto address = config::parse_host_port(settings.server.listen);
  if (!address) return fail(std::move(address).error());
  http::EdgeOptions out;
  out.host = address->host;
  out.port = address->port;
  out.reactors = static_cast<std::size_t>(settings.server.reactors);
  for (const auto& text : settings.server.trusted_proxies) {
    auto network = http::Network::parse(text);
    if (!network) return fail(std::move(network).error());
    out.proxies.trusted.push_back(*network);
  }
  out.proxies.base_url = settings.server.base_url;
  const auto& l = settings.limits;
  const auto count = [](std::int64_t value) { return static_cast<std::size_t>(value); };
  out.limits = {count(l.head),
                count(l.body),
                count(l.bodies),
                count(l.parameters),
                count(l.connections),
                count(l.connections_per_address),
                l.requests_per_second,
                count(l.burst),
                milliseconds(l.header_timeout),
                milliseconds(l.body_timeout),
                milliseconds(l.idle_timeout),
                milliseconds(l.write_timeout),
                l.slowest,
                count(l.handlers),
                count(l.waiting)};
  return out;
}

}  // namespace recorte::app
