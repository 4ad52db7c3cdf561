// SPDX-License-Identifier: BSD-3-Clause
#include "core/coverage/places.hpp"
#include "server/api/api.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"
#include "server/api/reading.hpp"
#include "server/service/product_response.hpp"

#include <nlohmann/json.hpp>

namespace recorte::api {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// Where its coverage is; null where none is kept.
ordered_json coverage_json(const std::filesystem::path& directory, const std::string& id,
                           const std::string& base_url) {
  if (!coverage::is_kept(directory, id)) return nullptr;
  const auto under = base_url + "/api/v1/surveys/" + id + "/";
  return {{"picture", under + coverage::kPictureFile},
          {"moc_fits", under + coverage::kMocFitsFile},
          {"moc_json", under + coverage::kMocJsonFile}};
}

/// The bands by name, for whoever writes a request; their wavelengths (metres) beside them.
ordered_json survey_json(const service::SurveyCard& card, const service::Switched& switched,
                         ordered_json coverage, const std::string& base_url) {
  const auto& d = *card.description;
  const auto plugin = service::documented_plugin(d);
  const auto* off = switched.off(card.id);
  ordered_json bands = json::array();
  ordered_json wavelengths = json::object();
  for (const auto& band : d.value("bands", json::array())) {
    bands.emplace_back(band.at("name"));
    if (band.at("lambda_min").is_number())
      wavelengths[band.at("name").get<std::string>()] = {band.at("lambda_min"),
                                                         band.at("lambda_max")};
  }
  return {{"id", card.id},
          {"title", d.value("title", card.id)},
          {"available", off == nullptr},
          {"message", off ? ordered_json(*off) : ordered_json()},
          {"description", d.value("description", "")},
          {"citation", d.value("citation", "")},
          {"documentation", plugin.empty() ? "" : base_url + "/plugins/" + plugin},
          {"releases", d.value("releases", json::array())},
          {"bands", std::move(bands)},
          {"wavelengths", std::move(wavelengths)},
          {"planes", d.value("planes", json::array())},
          {"pixel_scale", d.value("pixel_scale", json())},
          {"example", d.value("example", json())},
          {"coverage", std::move(coverage)},
          {"access_group", d.value("access_group", "")}};
}

}  // namespace

http::Handler surveys_handler(service::SurveyBook& surveys, const service::Switchboard& switchboard,
                              const std::filesystem::path& directory) {
  return [&, directory](std::shared_ptr<const http::Request> http, http::Reply reply) {
    if (auto none = takes_none(http->parameters); !none) return reply(problem(*http, none.error()));
    const auto asker = service::asker_of(*http, reply);
    surveys.ask([http, reply, asker, directory, switched = switchboard.now()](auto all) {
      ordered_json list = json::array();
      for (const auto& card : all->cards)
        if (card.visible_to(asker.principal))
          list.push_back(survey_json(
              card, *switched, coverage_json(directory, card.id, http->base_url), http->base_url));
      reply(json_response({{"surveys", std::move(list)}}));
    });
  };
}

http::Handler survey_handler(service::SurveyBook& surveys, const service::Switchboard& switchboard,
                             const std::filesystem::path& directory) {
  return [&, directory](std::shared_ptr<const http::Request> http, http::Reply reply) {
    if (auto none = takes_none(http->parameters); !none) return reply(problem(*http, none.error()));
    const auto asker = service::asker_of(*http, reply);
    surveys.ask([http, reply, asker, directory, switched = switchboard.now()](auto all) {
      const auto& id = http->capture("id");
      const auto* card = all->find(id);
      if (card && card->visible_to(asker.principal))
        return reply(json_response(survey_json(
            *card, *switched, coverage_json(directory, id, http->base_url), http->base_url)));
      const auto why = all->may_see(id, "", asker.principal);
      reply(problem(
          *http, why ? Error{ErrorCode::kNotFound, "no survey is called '" + id +
                                                       "'; /api/v1/surveys lists those there are"}
                     : why.error()));
    });
  };
}

}  // namespace recorte::api
