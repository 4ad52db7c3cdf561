/// The surveys that are served and the algorithms there are: TOML files and plugins, opened at
/// their first use, in the worker. A survey whose TOML or index changed on disk is opened anew;
/// plugins are those that were there at the start.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/survey_access.hpp"
#include "core/base/error.hpp"
#include "core/base/stamp.hpp"
#include "core/cutout/request.hpp"
#include "core/cutout/watch.hpp"
#include "core/plugin/config.hpp"
#include "core/plugin/host.hpp"
#include "core/plugin/library.hpp"
#include "core/plugin/pins.hpp"
#include "core/plugin/registry.hpp"
#include "core/plugin/schema.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace recorte::cutout {

struct Band {
  std::string name;
  double lambda_min, lambda_max;  ///< metres; NaN where not known
};

/// A survey, ready to be asked.
struct Survey {
  std::string id, title, description, release, citation;
  account::SurveyAccess access;       ///< who may see it
  std::string variant;                ///< that answers where a request names none; "": any
  bool epochs = false;                ///< images overlap in time, not in space
  std::vector<std::string> releases;  ///< that may be asked for
  std::vector<Band> bands;            ///< by wavelength, those without one last
  std::vector<std::string> planes;
  double pixel_scale;  ///< degrees, the largest; NaN where not known
  double example_ra, example_dec;

  /// Its TOML, and the index that it names (of size -1 where there is none), when it was opened.
  FileStamp toml, index;
  std::filesystem::path index_file;
  std::filesystem::path seek_directory;  ///< beside the index; there may be none

  std::string plugin;       ///< "tiles 0.1.0"
  bool documented = false;  ///< the plugin has a page (core/plugin/readme.hpp)
  plugin::Pins pins;        ///< the versions of plugins that it wants
  std::unique_ptr<recorte_config> config;
  const recorte_survey* table = nullptr;
  void* self = nullptr;
};

struct Algorithm {
  plugin::Manifest manifest;
  plugin::Schema params;  ///< of the user's parameters
  std::unique_ptr<recorte_config> config;
  const recorte_algorithm* table = nullptr;
  void* self = nullptr;
};

class Catalogue {
 public:
  Catalogue(std::filesystem::path surveys, plugin::Registry registry, const plugin::Host& host);
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;
  ~Catalogue();

  /// By id, until the next call. kNotFound names the surveys there are. Costs a stat or two where
  /// nothing changed. A TOML that became wrong is the error until it is mended.
  Result<const Survey*> survey(const std::string& id, const Watch& watch);
  /// By id, or the default one of a format where the id is empty; of the versions that the survey
  /// wants, the newest.
  Result<const Algorithm*> algorithm(const std::string& id, Format format, const Survey& survey,
                                     const Watch& watch);
  /// Loads a library of the plugin directories, for whoever wants to know whether it can be.
  Status load(const std::filesystem::path& file, const Watch& watch);
  /// The ids of the surveys directory, sorted.
  std::vector<std::string> ids() const;

 private:
  Result<plugin::Library*> library(const plugin::Entry& entry, const Watch& watch);
  Result<std::unique_ptr<Survey>> open_survey(const std::string& id, const Watch& watch);
  std::filesystem::path toml_of(const std::string& id) const { return directory_ / (id + ".toml"); }
  /// Whether the files that the survey was opened from are still those.
  bool current(const Survey& survey) const;
  /// Whether those that are there now can be opened. A fenced worker may open what was there when
  /// it was started; until it is replaced, the survey is what it was then.
  bool may_open(const Survey& survey) const;

  std::filesystem::path directory_;
  plugin::Registry registry_;
  const plugin::Host& host_;
  std::map<std::filesystem::path, std::unique_ptr<plugin::Library>> libraries_;
  std::map<std::string, std::unique_ptr<Survey>> surveys_;
  std::map<std::filesystem::path, std::unique_ptr<Algorithm>> algorithms_;  ///< by library
};

/// What a survey's describe() said, for people and programs.
nlohmann::json describe(const Survey& survey);

}  // namespace recorte::cutout
