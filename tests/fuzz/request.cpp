// SPDX-License-Identifier: BSD-3-Clause
//
// A framed request as the server reads it on: target, parameters, forms, proxies, credentials,
// cookies, conditions, and what a job's submission says.
#include "auth/session/cookies.hpp"
#include "core/base/text.hpp"
#include "fuzz.hpp"
#include "server/api/job_submission.hpp"
#include "server/http/forwarded.hpp"
#include "server/http/framer.hpp"
#include "server/http/parameters.hpp"
#include "server/identity/credentials.hpp"
#include "server/page/form.hpp"
#include "server/page/notation.hpp"
#include "server/soda/query.hpp"
#include "server/uws/submission.hpp"

namespace recorte::fuzz {
namespace {

/// What was read is read again out of a query.
void check_parameters(const http::Request& request) {
  http::Request again;
  for (const auto& [name, value] : request.parameters)
    again.query += (again.query.empty() ? "" : "&") + url_encode(name) + "=" + url_encode(value);
  require(http::take_parameters(request.parameters.size(), again).has_value(), "it can be read");
  require(again.parameters.size() == request.parameters.size(), "none is lost");
  for (std::size_t i = 0; i < again.parameters.size(); ++i)
    require(again.parameters[i].name == request.parameters[i].name &&
                again.parameters[i].value == request.parameters[i].value,
            "parameters read back");
}

void check_position(std::string_view text) {
  const auto position = page::read_position(text);
  if (!position) return;
  require(position->ra >= 0 && position->ra <= 360, "right ascension is on the circle");
  require(position->dec >= -90 && position->dec <= 90, "declination is on the sphere");
  require(page::read_position(page::position_text(*position)).has_value(), "a position is read");
}

void check_conditions(const http::Request& request) {
  auto response = http::text_response(200, "text/plain", "0123456789");
  response.headers.add("ETag", "W/\"a\"");
  http::apply_conditions(request, response);
  if (response.status == 416) return;  // a sentence
  std::int64_t size = 0;
  for (const auto& piece : std::get<std::vector<http::Piece>>(response.body))
    size += std::get<http::Text>(piece).size;
  require(size >= 0 && size <= 10, "no more is sent than there is");
}

}  // namespace

void attempt(std::string_view input) {
  const http::Limits limits;
  std::atomic<std::size_t> used = 0;
  http::Framer framer(limits, http::Share(used, limits.bodies));
  framer.feed(input);
  if (framer.state() != http::Framer::State::kWhole) return;
  auto framed = framer.take();
  http::Request request;
  request.method = framed.method;
  request.headers = framed.headers;
  request.body = framed.body;
  if (!http::take_target(framed.target, request)) return;
  require(request.path == "*" || request.path.starts_with('/'), "a path begins with a slash");
  require((request.path + "/").find("/../") == std::string::npos, "no path leads up");
  static const http::Proxies proxies{{*http::Network::parse("10.0.0.0/8")}, "https://a.org/p"};
  for (const auto* peer : {"10.1.2.3", "192.0.2.1"})
    apply_forwarded(proxies, peer, "127.0.0.1:80", request);
  check_conditions(request);
  (void)identity::read_credentials(request);
  if (const auto cookies = request.headers.joined("Cookie"))
    (void)auth::find_cookie(*cookies, "recorte");
  (void)api::read_submission(request);
  if (!http::take_parameters(100, request)) return;
  check_parameters(request);
  if (const auto query = soda::read_query(request.parameters))
    (void)soda::single_request(*query, {"demo", "", ""});
  (void)uws::read_submission(request.parameters);
  (void)page::read_form(request, {});
  for (const auto& [name, value] : request.parameters) check_position(value);
}

}  // namespace recorte::fuzz
