// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_filter.hpp"

#include "core/base/text.hpp"
#include "server/service/job_times.hpp"

#include <string>

namespace recorte::service {
namespace {

/// A phase of UWS in which no job of ours ever is.
constexpr std::string_view kNobodys = "UNKNOWN";

tl::unexpected<Error> repeated(std::string_view name) {
  return fail(ErrorCode::kMultiValued, std::string(name) + " is given twice; give it once");
}

Status take_phase(JobFilter& filter, const std::string& value) {
  auto& phases = filter.filter.phases;
  if (value == kNobodys) {
    filter.none = phases.empty();
    return {};
  }
  const auto phase = job::phase_from_name(value);
  if (!phase) {
    std::vector<std::string> known(job::kPhaseNames.begin(), job::kPhaseNames.end());
    return fail(ErrorCode::kUsage, "PHASE '" + value.substr(0, 60) + "' is none; use " +
                                       join(known, ", ") + ", in capitals");
  }
  phases.push_back(*phase);
  filter.none = false;
  return {};
}

Status take_last(job::Filter& filter, const std::string& value) {
  const auto last = to_int(value);
  if (!last || *last <= 0)
    return fail(ErrorCode::kUsage,
                "LAST '" + value.substr(0, 60) + "' is no number of jobs; write 1 or more");
  filter.last = last;
  return {};
}

}  // namespace

Result<bool> take_condition(JobFilter& filter, const http::Parameter& parameter) {
  const auto name = upper(parameter.name);
  auto& out = filter.filter;
  if (name == "PHASE") {
    RECORTE_TRY(take_phase(filter, parameter.value));
  } else if (name == "AFTER") {
    if (out.after) return repeated(name);
    auto after = parse_instant(name, parameter.value);
    if (!after) return fail(std::move(after).error());
    out.after = *after;
  } else if (name == "LAST") {
    if (out.last) return repeated(name);
    RECORTE_TRY(take_last(out, parameter.value));
  } else {
    return false;
  }
  return true;
}

Result<JobFilter> read_filter(const std::vector<http::Parameter>& parameters) {
  JobFilter filter;
  for (const auto& parameter : parameters)
    if (auto taken = take_condition(filter, parameter); !taken)
      return fail(std::move(taken).error());
  return filter;
}

}  // namespace recorte::service
