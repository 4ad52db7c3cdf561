/// What the page knows of a survey.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/vector.hpp"
#include "server/service/survey_book.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::page {

struct Survey {
  std::string id, title, release, description, citation;
  std::vector<std::string> bands;
  std::vector<std::string> planes;    ///< those that go with the image: weight, variance, mask
  std::optional<double> pixel_scale;  ///< degrees
  std::optional<sky::Position> example;
  std::string plugin{};   ///< whose page says more; "" where it has none
  bool coverage = false;  ///< whether there is a picture of it
};

/// Those that members of the groups may see, by id.
std::vector<Survey> visible_surveys(const service::Surveys& all,
                                    const account::Principal& principal);

const Survey* find_survey(const std::vector<Survey>& surveys, std::string_view id);

}  // namespace recorte::page
