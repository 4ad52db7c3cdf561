// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/admin_door.hpp"

#include "core/base/log.hpp"
#include "server/app/routes.hpp"
#include "server/identity/trail.hpp"

#include <utility>

namespace recorte::app {
namespace {

constexpr std::size_t kThreads = 2, kWaiting = 100;

/// Whoever may open the socket is an admin, by the name of their number; what they do is in the
/// trail.
http::Guard operators(account::Audit& audit) {
  return [&audit](const http::Route&, std::shared_ptr<http::Request> request, http::Reply reply,
                  const std::function<void(std::shared_ptr<http::Request>, http::Reply)>& next) {
    auto& principal = request->principal;
    principal.user = request->address;
    principal.method = "socket";
    principal.admin = true;
    reply = reply.then([&audit, request](http::Response& response) {
      response.notes.user = request->principal.user;
      response.notes.method = request->principal.method;
      if (auto event = identity::event_of(*request, response)) audit.add(std::move(*event));
    });
    next(std::move(request), std::move(reply));
  };
}

}  // namespace

AdminDoor::AdminDoor(const admin::Parts& parts)
    : slow_(kThreads, kWaiting),
      router_(
          admin::routes(parts), refuse, {}, [](const auto&, const auto&) {}, &slow_,
          operators(parts.audit)) {}

AdminDoor::~AdminDoor() {
  edge_.reset();
  slow_.stop();
}

Result<std::unique_ptr<AdminDoor>> AdminDoor::open(const std::filesystem::path& socket,
                                                   const admin::Parts& parts,
                                                   http::Observer observer) {
  std::unique_ptr<AdminDoor> out(new AdminDoor(parts));
  http::EdgeOptions options;
  options.unix_socket = socket;
  options.limits.requests_per_second = 0;  // one user's, and the operator's
  options.limits.handlers = kThreads;
  auto edge = http::Edge::start(
      std::move(options),
      [&router = out->router_](std::shared_ptr<http::Request> request, http::Reply reply) {
        router.handle(std::move(request), std::move(reply));
      },
      std::move(observer));
  if (!edge) {
    auto why = std::move(edge).error();
    why.message += "; [admin] socket names its place";
    return fail(std::move(why));
  }
  out->edge_ = std::move(*edge);
  log::write(log::Level::kInfo, "the operator is listened to", {{"socket", socket.c_str()}});
  return out;
}

}  // namespace recorte::app
