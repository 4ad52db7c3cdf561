/// The pages for people: the surveys, the sky at a position, and how to get the same as a file; and
/// the interface, to try. They need nothing from elsewhere, and the first no script.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/handler.hpp"
#include "server/service/survey_book.hpp"
#include "server/service/switchboard.hpp"

#include <filesystem>
#include <vector>

namespace recorte::page {

/// GET /: parameters survey, position, size, bands, all optional. `can_sign_in`: it says where.
/// Both must outlive it. `directory` is that of survey files.
http::Handler home_handler(service::SurveyBook& surveys, const service::Switchboard& switchboard,
                           const std::filesystem::path& directory, bool can_sign_in);
/// GET /plugins/{id}: the README of a plugin in those directories, the newest version's. Reads
/// files.
http::Handler plugin_handler(std::vector<std::filesystem::path> directories);
/// GET /docs.
http::Handler docs_handler();
/// GET /docs.js.
http::Handler script_handler();
/// GET /style.css.
http::Handler style_handler();
/// GET /favicon.svg.
http::Handler icon_handler();

}  // namespace recorte::page
