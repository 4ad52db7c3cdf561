// SPDX-License-Identifier: BSD-3-Clause
//
// Maintenance, drains, and surveys that are off: POST switches, DELETE switches back.
#include "core/base/time.hpp"
#include "server/admin/handlers.hpp"
#include "server/admin/reading.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <utility>

namespace recorte::admin {
namespace {

using http::Reply;
using nlohmann::ordered_json;
using service::Switchboard;
using Http = std::shared_ptr<const http::Request>;

ordered_json switch_json(const schedule::Switch* on) {
  if (on == nullptr) return {};
  return {{"message", on->value}, {"since", iso_time(on->changed)}, {"by", on->by}};
}

ordered_json maintenance_json(const Switchboard& switchboard) {
  const auto now = switchboard.now();
  return {{"maintenance", switch_json(now->maintenance ? &*now->maintenance : nullptr)}};
}

ordered_json survey_json(const Switchboard& switchboard, const std::string& id) {
  const auto now = switchboard.now();
  const auto at = now->surveys_off.find(id);
  const bool off = at != now->surveys_off.end();
  return {{"survey", id}, {"off", switch_json(off ? &at->second : nullptr)}};
}

void say(const Http& http, const Reply& reply, const Status& done, std::string_view what,
         std::string_view to, const std::function<ordered_json()>& state) {
  if (!done) return reply(api::problem(*http, done.error()));
  log_act(*http, what, to);
  reply(api::json_response(state()));
}

http::Handler begin_maintenance(Switchboard& board) {
  return [&board](const Http& http, const Reply& reply) {
    const auto message = read_message(*http);
    if (!message) return reply(api::problem(*http, message.error()));
    say(http, reply, board.begin_maintenance(*message, http->principal.user), "began maintenance",
        *message, [&] { return maintenance_json(board); });
  };
}

http::Handler end_maintenance(Switchboard& board) {
  return [&board](const Http& http, const Reply& reply) {
    say(http, reply, board.end_maintenance(), "ended maintenance", "",
        [&] { return maintenance_json(board); });
  };
}

http::Handler look_at_maintenance(Switchboard& board) {
  return [&board](const Http&, const Reply& reply) {
    reply(api::json_response(maintenance_json(board)));
  };
}

/// {"server": its name}, of the body; none: this one.
http::Handler draining(Switchboard& board, bool drain) {
  return [&board, drain](const Http& http, const Reply& reply) {
    const auto body = read_body(*http, {"server"});
    if (!body) return reply(api::problem(*http, body.error()));
    const auto server = body->text("server").value_or("");
    const auto done = drain ? board.drain(server, http->principal.user) : board.undrain(server);
    say(http, reply, done, drain ? "drained a server" : "ended a server's drain",
        server.empty() ? "this one" : server, [&]() -> ordered_json {
          return {{"draining", board.now()->draining}};
        });
  };
}

/// One that nobody serves is refused: a slip of the pen would close nothing.
http::Handler close_survey(Switchboard& board, service::SurveyBook& surveys) {
  return [&board, &surveys](const Http& http, const Reply& reply) {
    const auto message = read_message(*http);
    if (!message) return reply(api::problem(*http, message.error()));
    surveys.ask([&board, http, reply, message = *message](const auto& all) {
      const auto& id = http->capture("id");
      if (all->find(id) == nullptr)
        return reply(
            api::problem(*http, {ErrorCode::kNotFound, "no survey is called '" + id + "'"}));
      say(http, reply, board.close_survey(id, message, http->principal.user),
          "switched a survey off", id, [&] { return survey_json(board, id); });
    });
  };
}

http::Handler open_survey(Switchboard& board) {
  return [&board](const Http& http, const Reply& reply) {
    const auto& id = http->capture("id");
    say(http, reply, board.open_survey(id), "switched a survey on", id,
        [&] { return survey_json(board, id); });
  };
}

http::Handler look_at_survey(Switchboard& board) {
  return [&board](const Http& http, const Reply& reply) {
    reply(api::json_response(survey_json(board, http->capture("id"))));
  };
}

/// All that is off, and what each survey that is served says of itself.
http::Handler list_surveys(Switchboard& board, service::SurveyBook& surveys) {
  return [&board, &surveys](const Http&, const Reply& reply) {
    surveys.ask([&board, reply](const auto& all) {
      auto list = ordered_json::array();
      for (const auto& card : all->cards) {
        auto one = survey_json(board, card.id);
        one["error"] = card.error ? ordered_json(card.error->message) : ordered_json();
        list.push_back(std::move(one));
      }
      reply(api::json_response({{"surveys", std::move(list)}}));
    });
  };
}

}  // namespace

std::vector<http::Route> switch_routes(Switchboard& board, service::SurveyBook& surveys) {
  const std::string root = "/api/v1/admin/";
  return {
      {root + "maintenance", {"GET"}, {http::Need::kAdmin}, look_at_maintenance(board)},
      {root + "maintenance", {"POST"}, {http::Need::kAdmin, "admin"}, begin_maintenance(board)},
      {root + "maintenance", {"DELETE"}, {http::Need::kAdmin, "admin"}, end_maintenance(board)},
      {root + "drain", {"POST"}, {http::Need::kAdmin, "admin"}, draining(board, true)},
      {root + "drain", {"DELETE"}, {http::Need::kAdmin, "admin"}, draining(board, false)},
      {root + "surveys", {"GET"}, {http::Need::kAdmin}, list_surveys(board, surveys)},
      {root + "surveys/{id}/switch", {"GET"}, {http::Need::kAdmin}, look_at_survey(board)},
      {root + "surveys/{id}/switch",
       {"POST"},
       {http::Need::kAdmin, "admin"},
       close_survey(board, surveys)},
      {root + "surveys/{id}/switch", {"DELETE"}, {http::Need::kAdmin, "admin"}, open_survey(board)},
  };
}

}  // namespace recorte::admin
