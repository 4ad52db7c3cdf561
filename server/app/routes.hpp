/// The one table of what is served where.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/admin/admin.hpp"
#include "server/http/router.hpp"
#include "server/ops/health.hpp"
#include "server/ops/metrics.hpp"
#include "server/service/cutouts.hpp"
#include "server/service/identify.hpp"
#include "server/service/job_links.hpp"
#include "server/service/jobs.hpp"
#include "server/service/survey_book.hpp"
#include "server/service/switchboard.hpp"

#include <filesystem>
#include <functional>
#include <vector>

namespace recorte::app {

/// What the handlers use; all of it must outlive the router.
struct Parts {
  service::SurveyBook& surveys;
  service::Cutouts& cutouts;
  service::Identifier& identifier;
  service::Jobs& jobs;
  service::JobLinks& links;
  const service::Switchboard& switchboard;
  ops::Metrics& metrics;
  std::function<std::vector<ops::Check>()> checks;
  std::function<ops::Readings()> readings;
  std::vector<http::Route> signing_in;         ///< that say how to sign in, and where people do
  bool can_sign_in;                            ///< with a browser
  std::filesystem::path directory;             ///< of survey files
  std::vector<std::filesystem::path> plugins;  ///< their directories
  admin::Parts admin;
};

std::vector<http::Route> routes(const Parts& parts);
/// What the router refuses, in the words of the face that the path belongs to.
http::Response refuse(const http::Request& request, int status, const std::string& message);

}  // namespace recorte::app
