// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/gate.hpp"

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "server/identity/admission.hpp"
#include "server/identity/credentials.hpp"
#include "server/identity/cross_site.hpp"
#include "server/identity/trail.hpp"

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace recorte::identity {
namespace {

using auth::Credentials;
using http::Need;
using http::Response;

constexpr std::string_view kVaries = "Authorization, Cookie";

/// What one user got is not another's: no cache but the user's own keeps it.
void make_private(http::Headers& headers) {
  const auto* said = headers.find("Cache-Control");
  if (said == nullptr) return headers.set("Cache-Control", "private");
  if (said->find("no-store") != said->npos || said->find("private") != said->npos) return;
  headers.set("Cache-Control", "private, " + *said);
}

/// A browser that goes to a page, by the user's own hand.
bool goes_to_a_page(const http::Request& request) {
  if (request.method != "GET" && request.method != "HEAD") return false;
  if (const auto* mode = request.headers.find("Sec-Fetch-Mode")) return *mode == "navigate";
  const auto* accept = request.headers.find("Accept");
  return accept != nullptr && accept->find("text/html") != accept->npos;
}

/// Has the browser forget a session that is over.
std::string no_session(const std::string& base_url) {
  const auto name = session_cookie(base_url);
  const auto host = base_url.find("://");
  const auto path = host == base_url.npos ? host : base_url.find('/', host + 3);
  return std::string(name) +
         "=; Max-Age=0; Path=" + (path == base_url.npos ? "/" : base_url.substr(path)) +
         "; HttpOnly; SameSite=Lax" + (name.starts_with("__") ? "; Secure" : "");
}

}  // namespace

struct Gate::Visit {
  const http::Route& route;
  std::shared_ptr<http::Request> request;
  http::Reply reply;
  Next next;
  Credentials credentials;
};

Gate::Gate(Options options, auth::Chain& chain, account::Audit& audit, account::Key form,
           http::Router::Refusal refuse)
    : options_(std::move(options)),
      chain_(chain),
      audit_(audit),
      form_(form),
      refuse_(std::move(refuse)),
      anonymous_(chain),
      quick_(options_.threads, options_.waiting),
      slow_(options_.slow_threads, options_.slow_waiting) {}

void Gate::stop() {
  quick_.stop();
  slow_.stop();
}

void Gate::come(const http::Route& route, std::shared_ptr<http::Request> request, http::Reply reply,
                Next next) {
  if (!asks(route.access.need)) return next(std::move(request), std::move(reply));
  auto credentials = read_credentials(*request);
  const auto visitor = std::make_shared<Visit>(
      Visit{route, std::move(request), std::move(reply), std::move(next), {}});
  if (!credentials) return refuse(visitor, credentials.error());
  visitor->credentials = std::move(*credentials);
  if (visitor->credentials.kind == Credentials::Kind::kNone)
    return decide(visitor, *anonymous_.now());
  if (!post(quick_, visitor, true))
    refuse(visitor, {ErrorCode::kUnavailable,
                     "as many credentials wait to be checked as may (auth.waiting)"});
}

bool Gate::post(http::Pool& pool, const Visitor& visitor, bool quick) {
  return pool.post([this, visitor, quick] {
    if (*visitor->reply.gone()) return;
    try {
      judge(visitor, quick);
    } catch (const std::exception& e) {
      // The reply goes without a call, and answers 500 by itself.
      log::write(log::Level::kError, std::string("a credential could not be judged: ") + e.what(),
                 {{"request_id", visitor->request->id}});
    }
  });
}

void Gate::judge(const Visitor& visitor, bool quick) {
  if (!quick) return decide(visitor, chain_.slow(visitor->credentials));
  if (auto principal = chain_.quick(visitor->credentials))
    return decide(visitor, std::move(*principal));
  if (!post(slow_, visitor, false))
    refuse(visitor, {ErrorCode::kUnavailable,
                     "as many credentials wait for a directory or a provider as may "
                     "(auth.slow_waiting)"});
}

void Gate::decide(const Visitor& visitor, Result<account::Principal> principal) {
  const bool session = visitor->credentials.kind == Credentials::Kind::kSession;
  auto& request = *visitor->request;
  if (!principal && session && principal.error().code == ErrorCode::kUnauthenticated) {
    visitor->reply = visitor->reply.then([gone = no_session(request.base_url)](Response& response) {
      response.headers.add("Set-Cookie", gone);
    });
    // Whoever was signed in here once may still see what everybody sees.
    if (goes_to_a_page(request)) principal = *anonymous_.now();
  }
  if (!principal) return refuse(visitor, principal.error());
  request.principal = std::move(*principal);
  if (const auto own = check_origin(*visitor); !own) return refuse(visitor, own.error());
  if (const auto may = admit(visitor->route.access.need, request.principal, options_.anonymous);
      !may)
    return refuse(visitor, may.error());
  let_in(visitor);
}

Status Gate::check_origin(const Visit& visit) const {
  const auto& request = *visit.request;
  if (request.principal.anonymous()) return {};
  switch (visit.credentials.kind) {
    case Credentials::Kind::kSession: return check_same_site(request, form_, request.principal);
    case Credentials::Kind::kBasic: return check_not_from_elsewhere(request);
    default: return {};
  }
}

void Gate::let_in(const Visitor& visitor) {
  const auto marked = [&] {
    const auto outer = std::move(visitor->reply);
    return outer.then([this, visitor](Response& response) { mark(*visitor, response); });
  };
  auto reply = marked();
  const auto next = std::move(visitor->next);
  next(visitor->request, std::move(reply));
}

/// Nobody is asked for a password where others could read it.
Challenges Gate::challenges_to(const http::Request& request) const {
  auto out = options_.challenges;
  out.basic = out.basic && !request.in_clear;
  return out;
}

void Gate::mark(const Visit& visit, Response& response) {
  const auto& principal = visit.request->principal;
  auto& notes = response.notes;
  notes.user = principal.user;
  notes.service = principal.service;
  notes.method = principal.method;
  notes.credential = principal.credential;
  response.headers.add("Vary", std::string(kVaries));
  const bool anonymous = principal.anonymous();
  if (!anonymous) {
    response.headers.set("X-VO-Authenticated", principal.user);
    make_private(response.headers);
  }
  if (response.status == 401 || (anonymous && visit.route.access.need == Need::kWelcome))
    add_challenges(challenges_to(*visit.request), visit.request->base_url,
                   response.status == 401 && visit.credentials.kind == Credentials::Kind::kBearer,
                   response.headers);
  if (auto event = event_of(*visit.request, response)) audit_.add(std::move(*event));
}

void Gate::refuse(const Visitor& visitor, const Error& error) {
  auto response = refuse_(*visitor->request, error_row(error.code).http, error.message);
  if (const auto wait = retry_seconds(error); wait > 0)
    response.headers.set("Retry-After", std::to_string(wait));
  response.headers.set("Cache-Control", "no-store");
  mark(*visitor, response);
  visitor->reply(std::move(response));
}

}  // namespace recorte::identity
