// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/band_choice.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::cutout {
namespace {

/// The survey's band of that name; of another case where only one can be meant.
Result<const Band*> band_called(const Survey& survey, const std::string& name) {
  const Band* found = nullptr;
  std::vector<std::string> known;
  for (const auto& band : survey.bands) {
    if (band.name == name) return &band;
    known.push_back(band.name);
    if (!equal_ignoring_case(band.name, name)) continue;
    if (found)
      return fail(ErrorCode::kUsage, "the band '" + name + "' of the survey " + survey.id +
                                         " could be " + found->name + " or " + band.name);
    found = &band;
  }
  if (found) return found;
  return fail(ErrorCode::kNotFound, "the survey " + survey.id + " has no band '" + name +
                                        "'; it has " + join(known, ", "));
}

Result<std::vector<Band>> named_bands(const Survey& survey, const CutoutRequest& request) {
  const auto& names = request.bands.empty() ? request.rgb : request.bands;
  if (names.empty()) return survey.bands;
  std::vector<Band> out;
  for (const auto& name : names) {
    Band band{name, NAN, NAN};
    if (!survey.bands.empty()) {  // else the adapter describes none: whatever it finds
      auto known = band_called(survey, name);
      if (!known) return fail(std::move(known).error());
      band = **known;
    }
    // Two colours may be one band.
    if (std::none_of(out.begin(), out.end(), [&](const Band& b) { return b.name == band.name; }))
      out.push_back(std::move(band));
  }
  return out;
}

bool by_wavelength(const CutoutRequest& request) {
  return std::isfinite(request.lambda_min) || std::isfinite(request.lambda_max);
}

Error no_band_meets(const Survey& survey, const CutoutRequest& request) {
  std::vector<std::string> known;
  for (const auto& band : survey.bands)
    known.push_back(band.name + (std::isnan(band.lambda_min + band.lambda_max)
                                     ? " (wavelengths not known)"
                                     : " (" + number_text(band.lambda_min) + " to " +
                                           number_text(band.lambda_max) + " m)"));
  return {ErrorCode::kNoCoverage,
          "no band asked for of the survey " + survey.id + " has wavelengths between " +
              number_text(request.lambda_min) + " and " + number_text(request.lambda_max) + " m; " +
              (known.empty() ? "it describes no bands" : "it has " + join(known, ", "))};
}

}  // namespace

Result<std::vector<Band>> bands_of(const Survey& survey, const CutoutRequest& request) {
  auto bands = named_bands(survey, request);
  if (!bands || !by_wavelength(request)) return bands;
  std::erase_if(*bands, [&](const Band& band) {
    return band.lambda_min > request.lambda_max || band.lambda_max < request.lambda_min;
  });
  const auto unknown = [](const Band& band) {
    return std::isnan(band.lambda_min + band.lambda_max);
  };
  if (!std::all_of(bands->begin(), bands->end(), unknown)) std::erase_if(*bands, unknown);
  if (bands->empty()) return fail(no_band_meets(survey, request));
  return bands;
}

Status settle_bands(const Survey& survey, CutoutRequest& request) {
  if (!survey.bands.empty())
    for (auto* names : {&request.bands, &request.rgb})
      for (auto& name : *names) {
        auto band = band_called(survey, name);
        if (!band) return fail(std::move(band).error());
        name = (*band)->name;
      }
  if (!by_wavelength(request)) return {};
  auto bands = bands_of(survey, request);
  if (!bands) return fail(std::move(bands).error());
  request.bands.clear();
  for (const auto& band : *bands) request.bands.push_back(band.name);
  return {};
}

}  // namespace recorte::cutout
