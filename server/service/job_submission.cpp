// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_submission.hpp"

#include "core/base/size.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "server/service/job_times.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace recorte::service {
namespace {

constexpr std::size_t kLongestRunId = 64;
constexpr std::size_t kLongestParameters = 1U << 20;  ///< bytes, of all together
constexpr std::string_view kUpload = "UPLOAD";

/// "mine,param:part": its two names. None where the value is a list itself, which has lines.
struct Reference {
  std::string name, target;
};
std::optional<Reference> reference_in(std::string_view value) {
  const auto text = trim(value);
  const auto comma = text.find(',');
  if (comma == text.npos || text.find_first_of("\r\n") != text.npos) return {};
  Reference out{std::string(trim(text.substr(0, comma))),
                std::string(trim(text.substr(comma + 1)))};
  if (out.target.find(':') == out.target.npos) return {};
  return out;
}

Status take_reference(const Reference& reference, std::vector<http::Parameter>& parameters,
                      Submission& submission) {
  constexpr std::string_view here = "param:";
  if (!reference.target.starts_with(here))
    return fail(ErrorCode::kUsage,
                "UPLOAD '" + reference.name + "," + reference.target.substr(0, 80) +
                    "' is fetched from nowhere; send the list in this request, as a part named "
                    "UPLOAD, or as UPLOAD=" +
                    reference.name + ",param:PART with a part of that name");
  const auto part = reference.target.substr(here.size());
  const auto found = std::ranges::find_if(
      parameters, [&](const auto& p) { return equal_ignoring_case(p.name, part); });
  if (found == parameters.end())
    return fail(ErrorCode::kUsage, "UPLOAD names the part '" + part.substr(0, 80) +
                                       "', which is not in this request; send it as "
                                       "multipart/form-data");
  submission.list = std::move(found->value);
  submission.list_name = reference.name.empty() ? part : reference.name;
  parameters.erase(found);
  return {};
}

}  // namespace

Status check_text(std::string_view name, std::string_view value) {
  if (is_good_utf8(value)) return {};
  return fail(ErrorCode::kUsage, std::string(name) + " '" + good_utf8(value.substr(0, 60)) +
                                     "' is no UTF-8 (RFC 3629); send it as UTF-8, percent-encoded");
}

Status set_run_id(Submission& submission, const std::string& value) {
  if (value.size() > kLongestRunId)
    return fail(ErrorCode::kUsage, "RUNID has " + std::to_string(value.size()) +
                                       " characters; it may have " + std::to_string(kLongestRunId));
  RECORTE_TRY(check_text("RUNID", value));
  submission.run_id = value;
  return {};
}

Status set_execution(Submission& submission, const std::string& value) {
  auto seconds = parse_seconds("EXECUTIONDURATION", value);
  if (!seconds) return fail(std::move(seconds).error());
  submission.execution_seconds = *seconds;
  return {};
}

Status set_destruction(Submission& submission, const std::string& value) {
  auto time = parse_instant("DESTRUCTION", value);
  if (!time) return fail(std::move(time).error());
  submission.destruction = *time;
  return {};
}

Status take_upload(std::vector<http::Parameter>& parameters, Submission& submission) {
  const auto is_upload = [](const auto& p) { return equal_ignoring_case(p.name, kUpload); };
  const auto upload = std::ranges::find_if(parameters, is_upload);
  if (upload == parameters.end()) return {};
  auto value = std::move(upload->value);
  parameters.erase(upload);
  if (std::ranges::any_of(parameters, is_upload))
    return fail(ErrorCode::kMultiValued, "UPLOAD is given twice; a job has one list");
  if (trim(value).empty())
    return fail(ErrorCode::kUsage,
                "the list in UPLOAD is empty; send a table with a row a position");
  if (const auto reference = reference_in(value))
    return take_reference(*reference, parameters, submission);
  submission.list = std::move(value);
  submission.list_name = kUpload;
  return {};
}

Status check_length(const std::vector<job::Parameter>& parameters) {
  std::size_t length = 0;
  for (const auto& parameter : parameters) length += parameter.name.size() + parameter.value.size();
  if (length <= kLongestParameters) return {};
  return fail(ErrorCode::kTooLarge, "the job's parameters have " + std::to_string(length) +
                                        " bytes; they may have " +
                                        size_text(static_cast<std::int64_t>(kLongestParameters)) +
                                        ": send many regions as a list (UPLOAD)");
}

Status check_parameters(const std::vector<job::Parameter>& parameters, std::size_t most) {
  if (parameters.size() > most)
    return fail(ErrorCode::kTooLarge, "the job has " + std::to_string(parameters.size()) +
                                          " parameters, each value of an array counted; it may "
                                          "have " +
                                          std::to_string(most) +
                                          " (server.limits.parameters): send many positions as a "
                                          "list");
  return check_length(parameters);
}

}  // namespace recorte::service
