// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/job_links.hpp"

#include "core/account/link.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"
#include "server/service/product_response.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace recorte::api {
namespace {

struct Wanted {
  std::string what{account::kWholeJob};
  Micros lasts = 0;
};

Result<Wanted> read_wanted(const std::vector<http::Parameter>& parameters) {
  Wanted out;
  for (const auto& [name, value] : parameters) {
    if (lower(name) == "what") {
      out.what = value;
    } else if (lower(name) == "expires") {
      const auto lasts = parse_duration(value);
      if (!lasts)
        return fail(ErrorCode::kUsage,
                    "expires is how long the link is good: " + lasts.error().message);
      out.lasts = *lasts;
    } else {
      return fail(ErrorCode::kUsage, "unknown parameter '" + name + "'; a link has what, expires");
    }
  }
  return out;
}

http::Handler make_handler(service::JobLinks& links) {
  return [&links](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    const auto id = http->capture("id");
    const auto wanted = read_wanted(http->parameters);
    if (!wanted) return reply(problem(*http, wanted.error()));
    const auto link = links.make(id, wanted->what, wanted->lasts, service::asker_of(*http, reply));
    if (!link) return reply(problem(*http, link.error()));
    const auto until = iso_time(link->expires);
    auto response = json_response(
        {{"url", http->base_url + "/api/v1/shared/" + id + "/" + link->path + "?" + link->query},
         {"what", wanted->what},
         {"expires", until}},
        201);
    response.headers.set("Cache-Control", "no-store");
    response.notes.detail = "a link to " + wanted->what + ", good until " + until;
    reply(std::move(response));
  };
}

http::Handler end_handler(service::JobLinks& links) {
  return [&links](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    const auto ended = links.end(http->capture("id"), service::asker_of(*http, reply));
    if (!ended) return reply(problem(*http, ended.error()));
    http::Response none;
    none.status = 204;
    none.notes.detail = "ended all links";
    reply(std::move(none));
  };
}

}  // namespace

std::vector<http::Route> job_link_routes(service::JobLinks& links) {
  return {{"/api/v1/jobs/{id}/link",
           {"POST"},
           {http::Need::kSubmit, "share", http::Of::kOwnJob},
           make_handler(links)},
          {"/api/v1/jobs/{id}/link",
           {"DELETE"},
           {http::Need::kSubmit, "share", http::Of::kOwnJob},
           end_handler(links)}};
}

}  // namespace recorte::api
