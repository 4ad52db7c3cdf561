// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/access_file.hpp"

#include "core/survey/toml_section.hpp"

#include <algorithm>

namespace recorte::survey {
namespace {

void check_group(Section& section, const std::string& key, const std::string& group) {
  if (group == account::kPublic || group.starts_with(account::kGrantOnSurvey))
    section.complain(key, "'" + group + "' cannot be a group's name; \"\" is for everyone");
}

/// Text of [survey]; its other keys are for others to check.
std::string text_of(Section& section, const char* key) {
  std::string out;
  section.text(key, out);
  return out;
}

bool is_private(const account::SurveyAccess& access) {
  return !access.group.empty() || std::any_of(access.releases.begin(), access.releases.end(),
                                              [](const auto& r) { return !r.second.empty(); });
}

void read_list(Section& section, const std::string& key, bool (*good)(const std::string&),
               const std::string& what, const std::string& example, std::vector<std::string>& out) {
  const auto* list = section.value(key);
  if (!list) return;
  const auto is_good = [&](const auto& item) {
    return item.is_string() && good(item.template get_ref<const std::string&>());
  };
  if (!list->is_array() || !std::all_of(list->begin(), list->end(), is_good))
    return section.complain(
        key, "'" + key + "' is a list of " + what + "; write " + key + " = [\"" + example + "\"]");
  out = list->get<std::vector<std::string>>();
}

bool is_beginning(const std::string& text) {
  return text.starts_with("https://") || text.starts_with("http://") || text.starts_with("s3://");
}

void read_releases(config::Complaints& complaints, account::SurveyAccess& out) {
  Section releases(complaints, "access.releases");
  for (const auto& [release, group] : releases.texts()) {
    check_group(releases, release, group);
    out.releases[release] = group;
  }
  releases.finish();
}

}  // namespace

account::SurveyAccess read_access(config::Complaints& complaints) {
  account::SurveyAccess out;
  out.survey = complaints.document().path.stem().string();
  Section survey(complaints, "survey");
  out.group = text_of(survey, "access_group");
  check_group(survey, "access_group", out.group);
  out.by_image = !text_of(survey, "public_after").empty();

  Section access(complaints, kAccessSection);
  access.boolean("hidden", out.hidden);
  access.boolean("share", out.share);
  access.text("trust", out.trust);
  if (out.trust.starts_with(account::kGrantOnSurvey))
    access.complain("trust", "'" + out.trust + "' cannot be a pool's name; choose another");
  read_list(
      access, "also_read", [](const std::string& path) { return !path.empty(); }, "paths",
      "/data/calibration", out.also_read);
  read_list(access, "remote", is_beginning, "beginnings of https, http or s3 URIs",
            "https://data.example.org/dr1/", out.remote);
  access.value("releases");
  read_releases(complaints, out);
  if (out.hidden && !is_private(out))
    access.complain("hidden",
                    "everyone may see this survey, so that it cannot be hidden; give it an "
                    "access_group in [survey]");
  if (out.hidden && out.by_image)
    access.complain("hidden",
                    "with 'public_after' images become everyone's, so that the survey cannot be "
                    "hidden; remove one of the two");
  access.finish();
  return out;
}

Result<account::SurveyAccess> survey_access_of(const config::Document& document) {
  config::Complaints complaints(document);
  auto out = read_access(complaints);
  RECORTE_TRY(complaints.first());
  return out;
}

Result<account::SurveyAccess> read_survey_access(const std::filesystem::path& file) {
  const auto document = config::read_toml(file);
  if (!document) return fail(document.error());
  return survey_access_of(*document);
}

}  // namespace recorte::survey
