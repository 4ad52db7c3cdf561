/// The rule of who may see a survey, read out of its file without its plugin: [survey] access_group
/// and public_after, and the section [access], which is the core's whatever adapter the survey has.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/survey_access.hpp"
#include "core/base/error.hpp"
#include "core/config/complaints.hpp"

#include <filesystem>

namespace recorte::survey {

/// That no plugin is shown.
inline constexpr const char* kAccessSection = "access";

/// What is right of it, and a complaint of what is not.
account::SurveyAccess read_access(config::Complaints& complaints);
/// kUsage with file and line. The survey's id is the file's stem.
Result<account::SurveyAccess> survey_access_of(const config::Document& document);
Result<account::SurveyAccess> read_survey_access(const std::filesystem::path& file);

}  // namespace recorte::survey
