// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/router.hpp"

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "server/http/hardening.hpp"
#include "server/http/syntax.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace recorte::http {
namespace {

constexpr int kRetrySeconds = 2;
// Pages elsewhere may read and ask; they may not delete or replace, nor use a visitor's cookies.
constexpr std::string_view kCorsMethods[] = {"GET", "HEAD", "OPTIONS", "POST"};
constexpr const char* kCorsRequestHeaders =
    "Content-Type, Range, If-None-Match, If-Range, Authorization, traceparent";
constexpr const char* kCorsResponseHeaders =
    "ETag, Content-Disposition, Content-Range, Content-Length, Location, Retry-After, "
    "X-Request-Id, WWW-Authenticate, X-VO-Authenticated";

/// Takes the first segment, and the slash before it.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool is_capture(std::string_view segment) {
  return segment.starts_with('{') && segment.ends_with('}');
}

/// Both begin with a slash.
bool matches(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = take_segment(pattern);
    const auto given = take_segment(path);
    if (is_capture(wanted) ? given.empty() : wanted != given) return false;
  }
  return pattern.empty() && path.empty();
}

/// Takes what the names of a pattern that matches stand for.
void capture(std::string_view pattern, Request& request) {
  std::string_view path = request.path;
  while (!pattern.empty()) {
    const auto segment = take_segment(pattern);
    const auto value = take_segment(path);
    if (is_capture(segment))
      request.captures.emplace_back(segment.substr(1, segment.size() - 2), value);
  }
}

/// The pattern without the names, a capture after any literal segment in order.
std::string shape_of(std::string_view pattern) {
  if (!pattern.starts_with('/'))
    throw std::logic_error("the pattern '" + std::string(pattern) + "' does not begin with '/'");
  std::string shape;
  while (!pattern.empty()) {
    const auto segment = take_segment(pattern);
    shape += '/';
    shape += is_capture(segment) ? "\xFF" : segment;
  }
  return shape;
}

bool has(const std::vector<std::string>& methods, std::string_view method) {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

/// The value of Access-Control-Allow-Origin for this request; nullopt: none.
std::optional<std::string> allowed_origin(const Cors& cors, const Request& request) {
  const auto* origin = request.headers.find("Origin");
  if (origin == nullptr) return {};
  for (const auto& allowed : cors.origins) {
    if (allowed == "*") return "*";
    if (equal_ignoring_case(allowed, *origin)) return *origin;
  }
  return {};
}

/// What a page elsewhere may do with a resource.
void add_preflight(std::string_view allow, Headers& headers) {
  auto methods = split(allow, ',');
  std::erase_if(methods, [](const std::string& method) {
    return std::find(std::begin(kCorsMethods), std::end(kCorsMethods), method) ==
           std::end(kCorsMethods);
  });
  headers.set("Access-Control-Allow-Methods", join(methods, ", "));
  headers.set("Access-Control-Allow-Headers", kCorsRequestHeaders);
  headers.set("Access-Control-Max-Age", "86400");
}

}  // namespace

std::vector<Route> slow(std::vector<Route> routes) {
  for (auto& route : routes) route.slow = true;
  return routes;
}

Router::Router(std::vector<Route> routes, Refusal refusal, Cors cors, Failed failed, Pool* slow,
               Guard guard)
    : routes_(std::move(routes)),
      refusal_(std::move(refusal)),
      cors_(std::move(cors)),
      failed_(std::move(failed)),
      slow_(slow),
      guard_(std::move(guard)) {
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const auto shape = shape_of(routes_[i].pattern);
    resources_[shape].push_back(i);
    if (routes_[i].access.need == Need::kUser || routes_[i].access.need == Need::kAdmin)
      closed_.insert(routes_[i].pattern);
    for (const auto& method : routes_[i].methods)
      if (!seen.emplace(method, shape).second)
        throw std::logic_error("two routes answer " + method + " " + routes_[i].pattern);
  }
}

const Router::Resource* Router::find(std::string_view path) const {
  if (!path.starts_with('/')) return nullptr;
  // All of its segments are literal: nothing comes before it.
  if (const auto whole = resources_.find(path); whole != resources_.end()) return &whole->second;
  for (const auto& [shape, resource] : resources_)
    if (matches(routes_[resource.front()].pattern, path)) return &resource;
  return nullptr;
}

std::string Router::allowed(const Resource& resource) const {
  std::set<std::string> methods{"OPTIONS"};
  for (const auto i : resource)
    methods.insert(routes_[i].methods.begin(), routes_[i].methods.end());
  if (methods.contains("GET")) methods.insert("HEAD");
  return join({methods.begin(), methods.end()}, ", ");
}

void Router::handle(std::shared_ptr<Request> request, Reply reply) const {
  reply = reply.then([this, request](Response& response) {
    harden(*request, response);
    if (!cors_.origins.empty()) add_cors(*request, response);
  });
  guarded(request, reply, [&] { answer(request, reply); });
}

bool Router::shared(const Request& request) const {
  return !closed_.contains(request.route) && allowed_origin(cors_, request).has_value();
}

void Router::add_cors(const Request& request, Response& response) const {
  if (shared(request)) {
    response.headers.set("Access-Control-Allow-Origin", *allowed_origin(cors_, request));
    response.headers.set("Access-Control-Expose-Headers", kCorsResponseHeaders);
  }
  // Caches must know it of the answers to those without an origin too.
  if (!has(cors_.origins, "*")) response.headers.add("Vary", "Origin");
}

void Router::guarded(const std::shared_ptr<Request>& request, const Reply& reply,
                     const std::function<void()>& work) const {
  std::string failure;
  try {
    return work();
  } catch (const std::exception& e) {
    failure = e.what();
  } catch (...) {
    failure = "what it threw is no std::exception";
  }
  log::write(log::Level::kError, "a handler failed: " + failure,
             {{"request_id", request->id}, {"route", request->route}});
  try {
    failed_(request->route, failure);
    reply(refusal_(*request, 500,
                   "the server failed to answer, which is a fault of its own; report it with the "
                   "request id " +
                       request->id));
  } catch (...) {
    // Where even that fails, `reply` goes without a call, and answers 500 by itself.
  }
}

void Router::answer(const std::shared_ptr<Request>& request, const Reply& reply) const {
  if (request->trouble && request->path.empty())
    return reply(refusal_(*request, 400, request->trouble->message));
  const bool options = request->method == "OPTIONS";
  Resource everything;
  if (options && request->path == "*")
    for (std::size_t i = 0; i < routes_.size(); ++i) everything.push_back(i);
  const auto* resource = everything.empty() ? find(request->path) : &everything;
  if (resource == nullptr)
    return reply(refusal_(*request, 404, "there is nothing at '" + excerpt(request->path) + "'"));
  if (everything.empty()) {
    request->route = routes_[resource->front()].pattern;
    request->hides_query = std::ranges::any_of(
        *resource, [&](std::size_t i) { return routes_[i].access.hides_query; });
  }
  if (request->trouble)
    return reply(
        refusal_(*request, error_row(request->trouble->code).http, request->trouble->message));
  if (options) {
    const auto allow = allowed(*resource);
    Response response;
    response.status = 204;
    response.headers.add("Allow", allow);
    if (shared(*request) && request->headers.find("Access-Control-Request-Method") != nullptr)
      add_preflight(allow, response.headers);
    return reply(std::move(response));
  }
  const auto route_for = [&](std::string_view method) -> const Route* {
    for (const auto i : *resource)
      if (has(routes_[i].methods, method)) return &routes_[i];
    return nullptr;
  };
  const auto* route = route_for(request->method);
  if (route == nullptr && request->method == "HEAD") route = route_for("GET");
  if (route == nullptr) {
    const auto allow = allowed(*resource);
    auto refusal = refusal_(*request, 405,
                            "'" + excerpt(request->method) + "' does not work on '" +
                                excerpt(request->path) + "'; use one of " + allow);
    refusal.headers.set("Allow", allow);
    return reply(std::move(refusal));
  }
  capture(route->pattern, *request);
  request->act = route->access.act;
  if (!guard_) return call(*route, request, reply);
  guard_(*route, request, reply,
         [this, route](const std::shared_ptr<Request>& let_in, const Reply& answer) {
           guarded(let_in, answer, [&] { call(*route, let_in, answer); });
         });
}

void Router::call(const Route& route, const std::shared_ptr<Request>& request,
                  const Reply& reply) const {
  if (!route.slow || slow_ == nullptr) return route.handler(request, reply);
  if (slow_->post([this, &route, request, reply] {
        guarded(request, reply, [&] { route.handler(request, reply); });
      }))
    return;
  auto refusal = refusal_(*request, 503,
                          "as many requests wait for the database as may "
                          "(server.limits.slow_waiting); try again later");
  refusal.headers.set("Retry-After", std::to_string(kRetrySeconds));
  reply(std::move(refusal));
}

}  // namespace recorte::http
