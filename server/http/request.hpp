/// What a client asked, decoded: parameters in order and repeated as sent, names of headers and of
/// parameters compared without case, the address and URL that the client sees whatever proxy stands
/// between.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/principal.hpp"
#include "core/base/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte::http {

/// Fields in the order they came; names compare without case.
class Headers {
 public:
  void add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }
  /// Replaces every field of that name.
  void set(std::string_view name, std::string value);
  /// The first of that name.
  const std::string* find(std::string_view name) const;
  /// All of that name, joined by ", " (RFC 9110, 5.2); nullopt where there is none.
  std::optional<std::string> joined(std::string_view name) const;
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct Parameter {
  std::string name, value;  ///< decoded; the name as written
};

struct Request {
  std::string method;  ///< "GET"; HEAD stays HEAD
  std::string path;    ///< decoded, begins with "/", without the prefix of the base URL; or "*"
  std::string query;   ///< as sent, without "?"
  std::vector<Parameter> parameters;     ///< of the query, then of an urlencoded or multipart body
  std::size_t most_parameters = 10'000;  ///< that it may have, in whatever form its body is
  Headers headers;
  std::string body;  ///< as sent, unchunked
  /// Of the client, numeric: behind trusted proxies, what they say; "unix:" and its user's number
  /// on a Unix socket.
  std::string address;
  std::string base_url;  ///< "https://host/prefix", no slash at the end: for absolute URLs
  /// It crossed a network without TLS, so that others may have read it.
  bool in_clear = false;
  std::string id;           ///< 16 hexadecimal digits, for log lines and X-Request-Id
  std::string traceparent;  ///< W3C Trace Context, ours: the caller's trace-id, a new parent-id
  std::optional<Error> trouble;  ///< why its target or parameters cannot be read, where they cannot
  account::Principal principal;  ///< who asks, set by the router's guard
  std::string route;             ///< pattern of the route, set by the router; "" where none matched
  std::string_view act;          ///< of the route's access, likewise
  bool hides_query = false;      ///< a route with that path says so
  /// What the {names} of the route's pattern stand for.
  std::vector<std::pair<std::string, std::string>> captures;

  /// The first value of a parameter.
  const std::string* parameter(std::string_view name) const;
  /// What {name} stands for; "" where the route's pattern has none of that name.
  const std::string& capture(std::string_view name) const;
};

}  // namespace recorte::http
