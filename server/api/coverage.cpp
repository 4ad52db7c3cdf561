// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"
#include "core/base/stamp.hpp"
#include "core/coverage/places.hpp"
#include "server/api/api.hpp"
#include "server/api/problem.hpp"
#include "server/api/reading.hpp"
#include "server/service/product_response.hpp"

#include <fcntl.h>

#include <array>

namespace recorte::api {
namespace {

struct Kept {
  const char* file;
  std::string_view type;
};
constexpr std::array kKept{Kept{coverage::kPictureFile, "image/png"},
                           Kept{coverage::kMocFitsFile, "application/fits"},
                           Kept{coverage::kMocJsonFile, "application/json"}};

/// One of the files of a survey that the caller may see.
Result<http::Response> kept_file(const std::filesystem::path& surveys, const std::string& id,
                                 const Kept& kept) {
  const auto path = coverage::directory_of(surveys, id) / kept.file;
  auto file = std::make_shared<const Fd>(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!*file)
    return fail(ErrorCode::kNotFound, "no coverage is kept of the survey " + id +
                                          "; recorte survey index makes it, for its admin");
  const auto stamp = file_stamp(file->get());
  if (!stamp) return fail(stamp.error());
  http::Response out;
  out.headers.set("Content-Type", std::string(kept.type));
  out.headers.set("Cache-Control", "no-cache");
  out.headers.set(
      "ETag", "\"" + std::to_string(stamp->mtime_ns) + "-" + std::to_string(stamp->size) + "\"");
  out.headers.set("Content-Disposition",
                  "inline; filename=\"" + service::safe_name(id) + "_" + kept.file + "\"");
  out.body = std::vector<http::Piece>{http::FileRange{std::move(file), 0, stamp->size}};
  out.notes.survey = id;
  return out;
}

http::Handler kept_handler(service::SurveyBook& surveys, const std::filesystem::path& directory,
                           const Kept& kept) {
  return [&surveys, directory, kept](const std::shared_ptr<const http::Request>& http,
                                     const http::Reply& reply) {
    if (auto none = takes_none(http->parameters); !none) return reply(problem(*http, none.error()));
    const auto asker = service::asker_of(*http, reply);
    surveys.ask([http, reply, asker, directory, kept](const auto& all) {
      const auto& id = http->capture("id");
      if (auto may = all->may_see(id, "", asker.principal); !may)
        return reply(problem(*http, may.error()));
      auto response = kept_file(directory, id, kept);
      reply(response ? std::move(*response) : problem(*http, response.error()));
    });
  };
}

}  // namespace

std::vector<http::Route> coverage_routes(service::SurveyBook& surveys,
                                         const std::filesystem::path& directory) {
  std::vector<http::Route> out;
  for (const auto& kept : kKept)
    out.push_back({"/api/v1/surveys/{id}/" + std::string(kept.file),
                   {"GET"},
                   {http::Need::kRead, "", http::Of::kSurvey},
                   kept_handler(surveys, directory, kept)});
  return out;
}

}  // namespace recorte::api
