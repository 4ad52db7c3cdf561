/// The bounds of the HTTP edge. Every one is a key of [server.limits] in recorte.toml.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

namespace recorte::http {

struct Limits {
  std::size_t head = 16 << 10;                ///< bytes of a request's line and headers; else 431
  std::size_t body = 32 << 20;                ///< bytes of a body; else 413
  std::size_t bodies = 256 << 20;             ///< bytes of all bodies being read; else 503
  std::size_t parameters = 10'000;            ///< in query and body; else 400
  std::size_t connections = 20'000;           ///< at once; more are closed at accept
  std::size_t connections_per_address = 256;  ///< trusted proxies aside
  double requests_per_second = 200;  ///< of one address, trusted proxies aside; 0: any; 429
  std::size_t burst = 400;           ///< requests of one address at once
  std::int64_t header_ms = 10'000;   ///< from a head's first byte to its last; else 408
  std::int64_t body_ms = 60'000;     ///< for a body's bytes to go on coming at `slowest`
  std::int64_t idle_ms = 75'000;     ///< between requests
  std::int64_t write_ms = 30'000;    ///< for an answer's bytes to go on leaving
  std::int64_t slowest = 1024;       ///< bytes a second, on average, after that time
  std::size_t handlers = 4;          ///< threads that answer what needs no worker
  std::size_t waiting = 1'000;       ///< requests waiting for one of them; else 503
};

}  // namespace recorte::http
