/// A survey whose adapter answers every query with the sources it was given.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/locate.hpp"

#include <cmath>

namespace recorte::cutout::test {

struct FakeSurvey {
  Survey survey;
  std::vector<Source> sources;

  FakeSurvey() {
    survey.id = survey.access.survey = "fake";
    survey.release = "1";
    survey.releases = {"1"};
    survey.plugin = "fake 1.0.0";
    survey.bands = {{"g", 4e-7, 5e-7}, {"r", 5e-7, 6e-7}};
    survey.pixel_scale = 1. / 3600;
    survey.config = std::make_unique<recorte_config>(nlohmann::json::object());
    survey.self = this;
    static constexpr recorte_survey kTable{
        sizeof(recorte_survey), 0, nullptr, nullptr, nullptr, find};
    survey.table = &kTable;
  }
  FakeSurvey(const FakeSurvey&) = delete;
  FakeSurvey& operator=(const FakeSurvey&) = delete;

  Source& add(const std::string& id, const std::string& band, const std::string& path) {
    Source source{id, "1", band, "", "", "", "", NAN, NAN, NAN, NAN, NAN, {}, {}};
    source.planes.push_back({RECORTE_IMAGE, -1, -1, path, ""});
    return sources.emplace_back(std::move(source));
  }

 private:
  static recorte_status find(void* self, const recorte_call*, const recorte_query*,
                             const recorte_source_sink* out, recorte_error*) {
    for (const auto& source : static_cast<FakeSurvey*>(self)->sources)
      if (const auto status = out->add(out, SourceView(source).get()); status != RECORTE_OK)
        return status;
    return RECORTE_OK;
  }
};

}  // namespace recorte::cutout::test
