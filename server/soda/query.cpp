// SPDX-License-Identifier: BSD-3-Clause
#include "server/soda/query.hpp"

#include "core/base/text.hpp"
#include "server/soda/position.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace recorte::soda {
namespace {

/// DALI 1.1, 3.4.6.
constexpr std::size_t kLongestRunId = 64;

struct MediaType {
  std::string_view name, format;
};
constexpr std::array kMediaTypes{
    MediaType{"fits", "fits"},
    MediaType{"png", "png"},
    MediaType{"application/fits", "fits"},
    MediaType{"image/fits", "fits"},
    MediaType{"image/png", "png"},
    MediaType{"jpeg", "jpeg"},
    MediaType{"image/jpeg", "jpeg"},
};

Error about(std::string_view parameter, const Error& error) {
  return {error.code, std::string(parameter) + ": " + error.message};
}

/// "image/fits", "application/fits; extend=yes": parameters of a type ask for more than the plain
/// type, which may answer them.
Status take_format(Query& query, std::string_view parameter, const std::string& value) {
  const auto type = lower(trim(std::string_view(value).substr(0, value.find(';'))));
  const auto* known = std::find_if(kMediaTypes.begin(), kMediaTypes.end(),
                                   [&](const auto& m) { return m.name == type; });
  if (known == kMediaTypes.end())
    return fail(ErrorCode::kUsage, std::string(parameter) + " '" + value +
                                       "' is not made here; use fits (application/fits), png "
                                       "(image/png) or jpeg (image/jpeg)");
  query.plain_fits = known->name == "image/fits";
  const auto taken = query.common.set("format", known->format);
  return taken ? Status() : fail(about(parameter, taken.error()));
}

/// Checked by reading it into a draft that is thrown away.
Status take_interval(std::vector<std::string>& out, std::string_view name,
                     std::string_view parameter, const std::string& value) {
  cutout::RequestDraft scratch;
  if (auto good = scratch.set(name, value); !good) return fail(about(parameter, good.error()));
  out.push_back(value);
  return {};
}

Status take_region(Query& query, std::string_view parameter, Result<sky::Stencil> stencil) {
  if (!stencil) return fail(about(parameter, stencil.error()));
  query.regions.push_back(std::move(*stencil));
  return {};
}

Status take_count(Query& query, const std::string& value) {
  const auto count = to_int(value);
  if (!count || *count < 0)
    return fail(ErrorCode::kUsage,
                "MAXREC '" + value + "' is no number of records; write 0 or more, or leave it out");
  query.max_records = *count;
  return {};
}

Status take_run_id(Query& query, const std::string& value) {
  if (value.size() > kLongestRunId)
    return fail(ErrorCode::kUsage, "RUNID has " + std::to_string(value.size()) +
                                       " characters; it may have " + std::to_string(kLongestRunId));
  query.run_id = value;
  return {};
}

/// The row of the one table whose SODA name it is; null for a name that is nobody's.
const cutout::Parameter* soda_row(std::string_view name) {
  for (const auto& row : cutout::parameters())
    if (!row.soda.empty() && equal_ignoring_case(row.soda, name)) return &row;
  return nullptr;
}

Status take(Query& query, const http::Parameter& parameter) {
  const auto name = upper(parameter.name);
  const auto& value = parameter.value;
  if (name == "ID") {
    query.ids.push_back(value);
    return {};
  }
  if (name == "POS") return take_region(query, name, parse_position(value));
  if (name == "CIRCLE") return take_region(query, name, sky::parse_circle(value));
  if (name == "POLYGON") return take_region(query, name, sky::parse_polygon(value));
  if (name == "BAND") return take_interval(query.bands, "wavelength", name, value);
  if (name == "TIME") return take_interval(query.times, "time", name, value);
  if (name == "FORMAT" || name == "RESPONSEFORMAT") return take_format(query, name, value);
  if (name == "MAXREC") return take_count(query, value);
  if (name == "RUNID") return take_run_id(query, value);
  const auto* row = soda_row(name);
  if (!row) return {};
  auto taken = query.common.set(row->name, value);
  return taken ? Status() : fail(about(name, taken.error()));
}

}  // namespace

std::size_t Query::combinations() const {
  const auto or_one = [](std::size_t count) { return std::max<std::size_t>(1, count); };
  return or_one(ids.size()) * or_one(regions.size()) * or_one(bands.size()) * or_one(times.size());
}

Result<Query> read_query(const std::vector<http::Parameter>& parameters) {
  Query query;
  for (const auto& parameter : parameters)
    if (!trim(parameter.value).empty()) RECORTE_TRY(take(query, parameter));
  return query;
}

Result<cutout::CutoutRequest> single_request(const Query& query, const service::Identified& data) {
  auto draft = query.common;
  RECORTE_TRY(draft.set("survey", data.survey));
  if (!data.release.empty()) RECORTE_TRY(draft.set("release", data.release));
  if (!data.image.empty()) RECORTE_TRY(draft.set("image", data.image));
  if (!query.bands.empty()) RECORTE_TRY(draft.set("wavelength", query.bands.front()));
  if (!query.times.empty()) RECORTE_TRY(draft.set("time", query.times.front()));
  if (!query.regions.empty()) draft.region = query.regions.front();
  if (query.regions.empty() && data.image.empty())
    return fail(ErrorCode::kUsage, "the region is missing; say which part of " + data.survey +
                                       " you want, such as POS=CIRCLE 12.0 34.0 0.01, in degrees");
  return draft.finish();
}

}  // namespace recorte::soda
