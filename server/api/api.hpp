/// `/api/v1`: the interface for people and programs. JSON, plain parameters, strict: what is not
/// understood is refused with a sentence that says what to write instead.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/handler.hpp"
#include "server/http/router.hpp"
#include "server/service/cutouts.hpp"
#include "server/service/survey_book.hpp"

#include <filesystem>

namespace recorte::api {

/// The arguments of each must outlive the handler.

/// GET, POST /api/v1/cutout: the product itself.
http::Handler cutout_handler(service::Cutouts& cutouts);
/// GET /api/v1/surveys: {"surveys": […]}, those that the caller may see.
/// `directory` is that of survey files, as for the next two.
http::Handler surveys_handler(service::SurveyBook& surveys, const service::Switchboard& switchboard,
                              const std::filesystem::path& directory);
/// GET /api/v1/surveys/{id}: one of them.
http::Handler survey_handler(service::SurveyBook& surveys, const service::Switchboard& switchboard,
                             const std::filesystem::path& directory);
/// GET /api/v1/surveys/{id}/coverage.png, moc.fits, moc.json: what is kept of its coverage.
std::vector<http::Route> coverage_routes(service::SurveyBook& surveys,
                                         const std::filesystem::path& directory);
/// GET /api/v1/images: {"survey": …, "images": […]}, all that touch a position or a region.
http::Handler images_handler(service::Cutouts& cutouts);

}  // namespace recorte::api
