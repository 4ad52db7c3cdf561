// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/trail.hpp"

#include "core/base/time.hpp"

#include <string>

namespace recorte::identity {
namespace {

std::string outcome_of(int status) {
  if (status < 400) return "ok";
  for (const auto code :
       {ErrorCode::kUsage, ErrorCode::kUnauthenticated, ErrorCode::kForbidden, ErrorCode::kNotFound,
        ErrorCode::kTooLarge, ErrorCode::kRateLimited, ErrorCode::kUnavailable, ErrorCode::kTimeout,
        ErrorCode::kCancelled, ErrorCode::kUnsupported})
    if (error_row(code).http == status) return std::string(error_row(code).name);
  return std::string(error_row(ErrorCode::kInternal).name);
}

std::string object_of(const http::Request& request, const http::Response& response) {
  if (!response.notes.object.empty()) return response.notes.object;
  if (!request.captures.empty()) return request.captures.front().second;
  return response.notes.survey.empty() ? request.route : response.notes.survey;
}

}  // namespace

std::optional<account::Event> event_of(const http::Request& request,
                                       const http::Response& response) {
  const bool refusal = response.status == 401 || response.status == 403;
  const auto& notes = response.notes;
  if (!refusal && request.act.empty()) return {};
  if (!refusal && request.act == "cutout" && notes.user == account::kAnonymous) return {};
  account::Event out;
  out.time = now_micros();
  out.act = refusal ? "refusal" : std::string(request.act);
  out.outcome = outcome_of(response.status);
  out.user = notes.user;
  out.service = notes.service;
  out.method = notes.method;
  out.credential = notes.credential;
  out.address = request.address;
  out.request_id = request.id;
  out.object = object_of(request, response);
  out.detail = notes.error.empty() ? notes.detail : notes.error;
  return out;
}

}  // namespace recorte::identity
