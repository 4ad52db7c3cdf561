// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/job_list.hpp"

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "server/service/job_door.hpp"
#include "server/service/job_submission.hpp"

#include <string>

namespace recorte::api {
namespace {

Status take_number(std::int64_t& out, const http::Parameter& parameter, std::int64_t least,
                   std::int64_t most) {
  const auto number = to_int(parameter.value);
  if (!number || *number < least || *number > most)
    return fail(ErrorCode::kUsage, parameter.name + " '" + parameter.value.substr(0, 60) +
                                       "' is no number from " + std::to_string(least) + " to " +
                                       std::to_string(most));
  out = *number;
  return {};
}

tl::unexpected<Error> unknown(const std::string& name, const std::vector<std::string>& known) {
  const auto near = did_you_mean(name, known);
  return fail(ErrorCode::kUsage,
              "unknown parameter '" + name.substr(0, 60) + "'; " +
                  (near.empty() ? "use " + join(known, ", ") : "did you mean " + near + "?"));
}

}  // namespace

Result<service::JobFilter> read_list(const std::vector<http::Parameter>& parameters) {
  service::JobFilter out;
  out.filter.limit = kPage;
  for (const auto& parameter : parameters) {
    if (trim(parameter.value).empty()) continue;
    const auto name = lower(parameter.name);
    const auto taken = service::take_condition(out, parameter);
    if (!taken) return fail(taken.error());
    if (*taken) continue;
    if (name == "run_id") {
      RECORTE_TRY(service::check_text("run_id", parameter.value));
      out.filter.run_id = parameter.value;
    } else if (name == "before") {
      if (!service::is_job_id(parameter.value))
        return fail(ErrorCode::kUsage, "before '" + good_utf8(parameter.value.substr(0, 60)) +
                                           "' is no job's id; take it from \"next\" of the page "
                                           "before");
      out.filter.before = parameter.value;
    } else if (name == "limit") {
      RECORTE_TRY(take_number(out.filter.limit, parameter, 1, kLongestPage));
    } else {
      return unknown(parameter.name, {"phase", "after", "last", "run_id", "before", "limit"});
    }
  }
  return out;
}

Result<Window> read_window(const std::vector<http::Parameter>& parameters) {
  constexpr std::int64_t far = 1'000'000'000;
  Window out;
  for (const auto& parameter : parameters) {
    const auto name = lower(parameter.name);
    if (name == "offset") {
      RECORTE_TRY(take_number(out.offset, parameter, 0, far));
    } else if (name == "limit") {
      RECORTE_TRY(take_number(out.limit, parameter, 1, kLongestPage));
    } else {
      return unknown(parameter.name, {"offset", "limit"});
    }
  }
  return out;
}

Result<std::int64_t> read_place(const std::vector<http::Parameter>& parameters) {
  constexpr std::int64_t far = 1'000'000;
  std::int64_t place = 0;
  bool said = false;
  for (const auto& parameter : parameters) {
    if (lower(parameter.name) != "place") return unknown(parameter.name, {"place"});
    RECORTE_TRY(take_number(place, parameter, -far, far));
    said = true;
  }
  if (!said)
    return fail(ErrorCode::kUsage, "place is missing; write place=1 to go before the others");
  return place;
}

}  // namespace recorte::api
