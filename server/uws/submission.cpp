// SPDX-License-Identifier: BSD-3-Clause
#include "server/uws/submission.hpp"

#include "core/base/text.hpp"
#include "server/service/job_submission.hpp"

#include <string>
#include <utility>

namespace recorte::uws {
namespace {

/// Whether it was a word about the job.
Result<bool> take(service::Submission& out, const http::Parameter& parameter) {
  const auto name = upper(parameter.name);
  const auto& value = parameter.value;
  const bool given = !trim(value).empty();
  if (name == "PHASE") {
    if (given && value != "RUN")
      return fail(ErrorCode::kUsage, "PHASE '" + value.substr(0, 60) +
                                         "' cannot be asked of a new job; write PHASE=RUN, or "
                                         "leave it out and run the job later");
    out.run = given;
  } else if (name == "RUNID") {
    if (given) RECORTE_TRY(service::set_run_id(out, value));
  } else if (name == "EXECUTIONDURATION") {
    if (given) RECORTE_TRY(service::set_execution(out, value));
  } else if (name == "DESTRUCTION") {
    if (given) RECORTE_TRY(service::set_destruction(out, value));
  } else {
    return false;
  }
  return true;
}

}  // namespace

Result<service::Submission> read_submission(std::vector<http::Parameter> parameters) {
  service::Submission out;
  RECORTE_TRY(service::take_upload(parameters, out));
  for (auto& parameter : parameters) {
    const auto taken = take(out, parameter);
    if (!taken) return fail(taken.error());
    if (!*taken && !trim(parameter.value).empty())
      out.parameters.push_back({std::move(parameter.name), std::move(parameter.value)});
  }
  RECORTE_TRY(service::check_length(out.parameters));
  return out;
}

Result<std::vector<job::Parameter>> read_parameters(
    const std::vector<http::Parameter>& parameters) {
  auto read = read_submission(parameters);
  if (!read) return fail(std::move(read).error());
  if (!read->list_name.empty())
    return fail(ErrorCode::kUsage,
                "UPLOAD cannot be sent to a job that is there; make a new one with it");
  return std::move(read->parameters);
}

}  // namespace recorte::uws
