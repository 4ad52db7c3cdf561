// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/front/sample_text.hpp"

#include <nlohmann/json.hpp>

#include <cctype>
#include <cmath>
#include <limits>

namespace recorte::command {
namespace {

using nlohmann::json;

json number(double value) { return std::isnan(value) ? json() : json(value); }

}  // namespace

sky::Position centre_of(const cutout::CutoutRequest& request) {
  if (const auto* box = std::get_if<sky::Box>(&request.stencil)) return box->centre;
  if (const auto* circle = std::get_if<sky::Circle>(&request.stencil)) return circle->centre;
  constexpr auto kNone = std::numeric_limits<double>::quiet_NaN();
  return {kNone, kNone};
}

std::string band_part(const cutout::CutoutRequest& request) {
  if (request.format != cutout::Format::kFits || request.bands.size() != 1) return "";
  std::string out = ".";
  for (const char c : request.bands.front())
    out += std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '+' ? c : '_';
  return out;
}

std::string sample_text(std::size_t row, const PositionList& list,
                        const cutout::CutoutRequest& request,
                        std::span<const cutout::Outcome> parts, const RowOutcome& outcome) {
  json bands = json::array(), images = json::array(), warnings = json::array();
  for (const auto& part : parts) {
    if (part.error) {
      warnings.push_back(part.error->message);
      continue;
    }
    for (const auto& band : part.bands) bands.push_back(band);
    for (const auto& image : part.images) images.push_back(image.id);
    for (const auto& warning : part.warnings) warnings.push_back(warning);
  }
  const auto [ra, dec] = centre_of(request);
  const json out{{"row", row + 1},
                 {"id", list.id(row)},
                 {"ra", number(ra)},
                 {"dec", number(dec)},
                 {"survey", request.survey},
                 {"status", "ok"},
                 {"bands", std::move(bands)},
                 {"images", std::move(images)},
                 {"coverage", outcome.coverage},
                 {"warnings", std::move(warnings)},
                 {"request", list.request_text(row)}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace recorte::command
