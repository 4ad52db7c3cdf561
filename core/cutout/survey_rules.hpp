/// What the host itself asks of a survey's file, whatever the adapter, and what the adapter's
/// schema asks.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/complaints.hpp"
#include "core/plugin/survey_settings.hpp"

#include <string>

namespace recorte::cutout {

/// Of the survey `id`, as its adapter completes it: every complaint. Nothing of an adapter runs.
void check_survey(const plugin::SurveySettings& survey, const plugin::Registry& registry,
                  const std::string& id, config::Complaints& complaints);

}  // namespace recorte::cutout
