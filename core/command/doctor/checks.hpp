/// What the doctor looks at. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/command/doctor/doctor.hpp"
#include "core/config/settings.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace recorte::command {

struct Finding {
  std::string name;  ///< of what was looked at: "database", "survey des_dr2"
  bool good = true;
  std::string what;    ///< what was found
  std::string remedy;  ///< where it is not good
};
using Findings = std::vector<Finding>;

inline Finding well(std::string name, std::string what) {
  return {std::move(name), true, std::move(what), ""};
}
inline Finding ill(std::string name, std::string what, std::string remedy) {
  return {std::move(name), false, std::move(what), std::move(remedy)};
}

/// The directories and the database.
Findings check_places(const config::Settings& settings);
/// Workers, surveys and plugins.
Findings check_work(const config::Settings& settings);
/// The server, the URL that users know, who they are, the mail server.
Findings check_service(const config::Settings& settings);

/// The service's secret, who is an admin, the audit trail.
Findings check_accounts(const config::Settings& settings);
/// Whether the directory of [auth.ldap] answers.
Finding check_directory(const config::Settings& settings, const AskDirectory& ask);

/// Each OpenID provider of the settings.
Findings check_providers(const config::Settings& settings);

/// Where surveys are: as serve finds them, the demo sky included.
std::filesystem::path surveys_in_use(const config::Settings& settings);

}  // namespace recorte::command
