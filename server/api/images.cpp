// SPDX-License-Identifier: BSD-3-Clause
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

/// A position alone is this circle, which touches the pixel that holds it: degrees.
constexpr double kPoint = 1e-8;

Result<cutout::CutoutRequest> read_request(const std::vector<http::Parameter>& parameters) {
  auto draft = read_draft(parameters);
  if (!draft) return fail(std::move(draft).error());
  if (draft->ra && draft->dec && !draft->size) {
    auto point = sky::make_circle(*draft->ra, *draft->dec, kPoint);
    if (!point) return fail(std::move(point).error());
    draft->region = std::move(*point);
    draft->ra.reset();
    draft->dec.reset();
  }
  if (draft->request.epochs == cutout::Epochs::kSurvey)
    draft->request.epochs = cutout::Epochs::kAll;
  return draft->finish();
}

/// The worker's words (core/cutout/located_json.hpp) as the API has them.
ordered_json image_json(const json& image) {
  const auto of = [&](const char* key) { return image.value(key, json()); };
  ordered_json time;
  if (of("t_min").is_number() && of("t_max").is_number())
    time = ordered_json::array({of("t_min"), of("t_max")});
  return {{"id", of("id")},
          {"release", of("release")},
          {"band", of("band")},
          {"time", std::move(time)},
          {"exposure", of("exptime")},
          {"footprint", of("s_region")},
          {"planes", of("planes")},
          {"width", of("width")},
          {"height", of("height")},
          {"pixel_scale", of("pixel_scale")},
          {"coverage", of("coverage")},
          {"file", of("file")}};
}

http::Response images_response(const std::string& survey, const json& found) {
  ordered_json images = ordered_json::array();
  for (const auto& image : found) images.push_back(image_json(image));
  return json_response({{"survey", survey}, {"images", std::move(images)}});
}

}  // namespace

http::Handler images_handler(service::Cutouts& cutouts) {
  return [&](std::shared_ptr<const http::Request> http, http::Reply reply) {
    auto request = read_request(http->parameters);
    if (!request) return reply(problem(*http, request.error()));
    const auto asker = service::asker_of(*http, reply);
    cutouts.images(*request, asker, [=, request = *request](const service::Answer<json>& answer) {
      auto response = answer.result ? images_response(request.survey, *answer.result)
                                    : problem(*http, answer.result.error());
      response.notes.survey = request.survey;
      response.notes.canonical = cutout::canonical(request);
      reply(std::move(response));
    });
  };
}

}  // namespace recorte::api
