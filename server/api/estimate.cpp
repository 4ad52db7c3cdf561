// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/estimate.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "server/api/job_submission.hpp"
#include "server/api/json_members.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"
#include "server/service/product_response.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

namespace recorte::api {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kPositions = "positions";
constexpr double kMilli = 1'000, kSecond = 1e6;

Result<std::int64_t> count_in(std::string_view text) {
  const auto count = to_int(text);
  if (count && *count > 0) return *count;
  return fail(ErrorCode::kUsage, "positions '" + std::string(text.substr(0, 60)) +
                                     "' is neither a number of them, such as 1000, nor an array");
}

/// Takes a number of positions out of a JSON object, which is then as a job's.
Status take_count(std::string& body, std::optional<std::int64_t>& count) {
  const auto members = json_members(body);
  if (!members) return fail(members.error());
  std::string rest;
  for (const auto& [name, text] : *members) {
    if (name == kPositions && !text.starts_with('[')) {
      const auto read = count_in(text);
      if (!read) return fail(read.error());
      count = *read;
      continue;
    }
    rest += (rest.empty() ? "" : ",") + nlohmann::json(name).dump() + ":" + std::string(text);
  }
  if (count) body = "{" + rest + "}";
  return {};
}

/// Out of a query or a form.
Status take_count(std::vector<http::Parameter>& parameters, std::optional<std::int64_t>& count) {
  const auto is_count = [](const auto& p) { return equal_ignoring_case(p.name, kPositions); };
  const auto found = std::ranges::find_if(parameters, is_count);
  if (found == parameters.end()) return {};
  const auto read = count_in(found->value);
  if (!read) return fail(read.error());
  count = *read;
  std::erase_if(parameters, is_count);
  return {};
}

ordered_json band_json(const schedule::Band& band, double step) {
  const auto rounded = [&](double value) { return std::round(value * step) / step; };
  return {
      {"low", rounded(band.low)}, {"middle", rounded(band.middle)}, {"high", rounded(band.high)}};
}

ordered_json bytes_json(const schedule::Band& band) {
  return {{"low", std::llround(band.low)},
          {"middle", std::llround(band.middle)},
          {"high", std::llround(band.high)}};
}

}  // namespace

Result<Question> read_question(const http::Request& request) {
  Question out;
  auto plain = request;
  RECORTE_TRY(take_count(plain.parameters, out.positions));
  const auto* type = request.headers.find("Content-Type");
  if (type &&
      lower(trim(std::string_view(*type).substr(0, type->find(';')))) == "application/json" &&
      trim(plain.body).starts_with('{'))
    RECORTE_TRY(take_count(plain.body, out.positions));
  auto submission = read_submission(plain);
  if (!submission) return fail(std::move(submission).error());
  if (out.positions && !submission->list_name.empty())
    return fail(ErrorCode::kMultiValued,
                "positions are given as a number and as a list; give one of them");
  out.submission = std::move(*submission);
  return out;
}

ordered_json foreseen_json(const service::Foreseen& foreseen) {
  const auto start = now_micros() + static_cast<Micros>(foreseen.start_s * kSecond);
  return {
      {"positions", foreseen.positions},
      {"products", foreseen.products},
      {"seconds", band_json(foreseen.seconds, kMilli)},
      {"bytes", bytes_json(foreseen.bytes)},
      {"start",
       {{"seconds", std::round(foreseen.start_s * kMilli) / kMilli}, {"time", iso_time(start)}}},
      {"queue", {{"jobs_ahead", foreseen.ahead}}},
      {"runs", foreseen.runs},
      {"basis", foreseen.basis},
      {"limits", foreseen.limits}};
}

http::Handler estimate_handler(service::Jobs& jobs) {
  return [&jobs](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    auto question = read_question(*http);
    if (!question) return reply(problem(*http, question.error()));
    jobs.estimate(std::move(question->submission), question->positions,
                  service::asker_of(*http, reply),
                  [http, reply](const Result<service::Foreseen>& foreseen) {
                    reply(foreseen ? json_response(foreseen_json(*foreseen))
                                   : problem(*http, foreseen.error()));
                  });
  };
}

}  // namespace recorte::api
