/// `POST /api/v1/estimate`: what a job would take, and when, before anybody asks for it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/handler.hpp"
#include "server/service/jobs.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>

namespace recorte::api {

/// A submission, as /api/v1/jobs takes it; with "positions" a number, so many wherever they are.
struct Question {
  service::Submission submission;
  std::optional<std::int64_t> positions;
};
Result<Question> read_question(const http::Request& request);

nlohmann::ordered_json foreseen_json(const service::Foreseen& foreseen);

/// `jobs` must outlive it.
http::Handler estimate_handler(service::Jobs& jobs);

}  // namespace recorte::api
