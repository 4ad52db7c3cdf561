/// The one table of routes: pattern and methods to handler, with 404, 405 (and Allow), OPTIONS and
/// CORS preflight right everywhere.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/handler.hpp"
#include "server/http/pool.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::http {

/// What whoever comes to a route must be; what they may do there with one thing or another is for
/// its handler to say.
enum class Need : std::uint8_t {
  kNothing,  ///< nobody is asked: health, style, what a service says of itself
  kWelcome,  ///< nobody is turned away, but is told how to sign in, or that they are
  kRead,     ///< anybody, where anonymous users may; a credential must have the scope `read`
  kSubmit,   ///< the same, with `submit`
  kUser,     ///< somebody who is signed in themselves: no service that acts for them
  kAdmin,    ///< an admin
};

/// Whose the thing is that a route is about: what its handler decides, once somebody may come.
enum class Of : std::uint8_t {
  kAll,     ///< everybody's who may come
  kSurvey,  ///< a survey's, which may be for a group
  kJob,     ///< a job's, which is its owner's
  kOwnJob,  ///< the same, and nobody else's: no admin's, nor that of whoever knows its id
  kLink,    ///< that of whoever has a link
  kSelf,    ///< the caller's own; of somebody else's nobody learns that it is there
};

struct Access {
  Need need;
  std::string_view act = "";  ///< word for the audit trail; "": it is not noted there
  Of of = Of::kAll;
  /// Its query holds secrets, which no log and no record may have.
  bool hides_query = false;
};

struct Route {
  /// "/api/v1/surveys/{id}": a {name} is one segment, never empty.
  std::string pattern;
  std::vector<std::string> methods;  ///< "GET" answers HEAD too; OPTIONS is the router's
  Access access;
  Handler handler;
  /// The handler waits for a disk or a database: it has threads of its own, so that no other route
  /// waits behind it.
  bool slow = false;
};
/// The same routes, all of them slow.
std::vector<Route> slow(std::vector<Route> routes);

struct Cors {
  /// Origins that may read from a page of theirs; "*": any. None: no CORS. Never what is for users
  /// who are signed in alone: accounts, and the admin's hand.
  std::vector<std::string> origins;
};

/// Lets a request come to its route, by calling `next` once, now or later on any thread; or answers
/// instead.
using Guard = std::function<void(const Route& route, std::shared_ptr<Request> request, Reply reply,
                                 std::function<void(std::shared_ptr<Request>, Reply)> next)>;

class Router {
 public:
  /// How the faces say an error: called for 404, 405, 500 and 503, and for what cannot be read,
  /// with a sentence.
  using Refusal = std::function<Response(const Request&, int status, std::string message)>;
  /// Hears of a handler that threw: its route, and what it threw. Must not block.
  using Failed = std::function<void(const std::string& route, const std::string& what)>;
  /// Of patterns that match one path, the one whose segments are literal for longer wins. Throws
  /// std::logic_error where two routes answer the same. `slow`: threads for slow routes, which stop
  /// before the router goes; null: they have none of their own. `guard`: stands before every route,
  /// on its thread; none: all may come.
  Router(
      std::vector<Route> routes, Refusal refusal, Cors cors,
      Failed failed = [](const auto&, const auto&) {}, Pool* slow = nullptr, Guard guard = {});

  /// Finds the route, sets the request's route and captures, and calls its handler; or answers
  /// itself. A handler that throws costs its request a 500 with a sentence, logged. Slow ones are
  /// called on threads of their own; where too many wait for those, 503 with Retry-After.
  void handle(std::shared_ptr<Request> request, Reply reply) const;
  /// Every route, in order: for documents that list them.
  const std::vector<Route>& routes() const { return routes_; }

 private:
  /// The routes of one resource: their patterns match the same paths.
  using Resource = std::vector<std::size_t>;
  const Resource* find(std::string_view path) const;
  std::string allowed(const Resource& resource) const;
  void answer(const std::shared_ptr<Request>& request, const Reply& reply) const;
  void call(const Route& route, const std::shared_ptr<Request>& request, const Reply& reply) const;
  void guarded(const std::shared_ptr<Request>& request, const Reply& reply,
               const std::function<void()>& work) const;

  bool shared(const Request& request) const;
  void add_cors(const Request& request, Response& response) const;

  std::vector<Route> routes_;
  std::set<std::string, std::less<>> closed_;  ///< patterns that no page elsewhere may read
  /// By pattern, its captures written so that they sort after any literal segment.
  std::map<std::string, Resource, std::less<>> resources_;
  Refusal refusal_;
  Cors cors_;
  Failed failed_;
  Pool* slow_;
  Guard guard_;
};

}  // namespace recorte::http
