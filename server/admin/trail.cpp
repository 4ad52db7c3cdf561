// SPDX-License-Identifier: BSD-3-Clause
//
// The audit trail, searched.
#include "core/account/json.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/base/utf8.hpp"
#include "server/admin/handlers.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <utility>

namespace recorte::admin {
namespace {

using account::Audit;
using http::Reply;
using nlohmann::ordered_json;
using Http = std::shared_ptr<const http::Request>;

constexpr std::int64_t kMost = 10'000;

Result<Audit::Filter> read_filter(const http::Request& http) {
  Audit::Filter out;
  const std::map<std::string, std::string*, std::less<>> texts{
      {"user", &out.user},         {"service", &out.service}, {"act", &out.act},
      {"outcome", &out.outcome},   {"address", &out.address}, {"object", &out.object},
      {"request", &out.request_id}};
  for (const auto& [written, value] : http.parameters) {
    const auto name = lower(written);
    if (const auto text = texts.find(name); text != texts.end()) {
      *text->second = value;
    } else if (name == "since" || name == "until") {
      const auto time = parse_moment(value, now_micros());
      if (!time) return fail(time.error());
      (name == "since" ? out.from : out.to) = *time;
    } else if (name == "limit") {
      const auto most = to_int(value);
      if (!most || *most < 1 || *most > kMost)
        return fail(ErrorCode::kUsage, "limit is a whole number from 1 to 10000");
      out.most = *most;
    } else {
      return fail(ErrorCode::kUsage,
                  "unknown parameter '" + good_utf8(written.substr(0, 60)) +
                      "'; use user, service, act, outcome, address, object, request, since, "
                      "until, limit");
    }
  }
  return out;
}

}  // namespace

http::Handler trail_handler(Audit& audit, std::function<std::uint64_t()> lost) {
  return [&audit, lost = std::move(lost)](const Http& http, const Reply& reply) {
    const auto filter = read_filter(*http);
    if (!filter) return reply(api::problem(*http, filter.error()));
    const auto events = audit.search(*filter);
    if (!events) return reply(api::problem(*http, events.error()));
    auto list = ordered_json::array();
    for (const auto& event : *events) list.push_back(account::event_json(event));
    reply(api::json_response({{"events", std::move(list)}, {"lost", lost()}}));
  };
}

}  // namespace recorte::admin
