/// NAME.toml, what an admin writes to serve a survey, as one typed value. Every unknown key is
/// refused with its file, line and the nearest known one. Angles are degrees, wavelengths metres,
/// zero points magnitudes, times MJD (UTC), durations days.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/complaints.hpp"
#include "core/sky/vector.hpp"

#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace recorte::survey {

/// One of [bands]; NaN where the file leaves its wavelengths open ("").
struct Band {
  std::string name;
  double lambda_min = std::numeric_limits<double>::quiet_NaN();
  double lambda_max = std::numeric_limits<double>::quiet_NaN();
};

/// Which HDU, or which {product} among sibling files, holds the plane of a role.
struct PlaneRule {
  std::string role;                       ///< image, weight, variance, mask
  std::variant<int, std::string> choice;  ///< HDU number (0 is the primary); EXTNAME or {product}
};

/// Keywords of [header]; "" where the well-known ones are to be tried.
struct HeaderRules {
  std::string t_min, t_max, exptime, zeropoint, unit, version, band;
  bool any() const;
  bool operator==(const HeaderRules&) const = default;
};

/// [colour.lupton] (Lupton et al. 2004); what is absent the algorithm chooses.
struct LuptonRule {
  std::vector<std::string> rgb;
  std::optional<double> q, stretch, minimum;
};

struct SurveyFile {
  enum class Kind { kTiles, kEpochs };
  enum class Keep { kAll, kNewest };

  std::filesystem::path file;  ///< the TOML itself
  std::string id, title, release, description, citation;
  std::string plugin = "tiles";  ///< the adapter
  std::string access_group;      ///< "": public
  /// With public_after_days, an image belongs to access_group until it is that old, and to everyone
  /// then. Whoever serves decides, at the time of asking.
  std::optional<double> public_after_days;
  Kind kind = Kind::kTiles;
  std::filesystem::path root;  ///< absolute; the TOML's own directory where `root` is not given
  bool root_given = false;
  std::filesystem::path index;  ///< absolute

  std::string pattern;                           ///< "" for every FITS file
  std::filesystem::path tiles;                   ///< absolute; empty for a scan
  std::string path;                              ///< template of file names, with `tiles`
  std::optional<double> tile_size, tile_margin;  ///< degrees
  Keep keep = Keep::kAll;
  std::vector<PlaneRule> planes;  ///< empty: found by their names

  std::string unit, version;  ///< where no header says otherwise
  std::string variant;        ///< that answers where a request names none
  std::optional<double> zeropoint, pixel_scale;
  std::vector<Band> bands;  ///< in the order of wavelength; empty: whatever is found
  std::map<std::string, std::string> band_aliases;
  HeaderRules header;
  std::optional<LuptonRule> lupton;
  std::optional<sky::Position> example;

  /// The band of `bands` that a name means (alias, spelling, case aside), or, where `bands` is
  /// empty, the name itself; nullopt where `bands` does not list it.
  std::optional<std::string> listed_band(const std::string& name) const;
};

/// Letters, digits, "_", "-" and ".", not a "." first.
bool good_survey_id(std::string_view id);

/// What is right of it, and a complaint of what is not.
SurveyFile read_survey(config::Complaints& complaints);
/// Reads and checks. The id is the file's stem where it is not given.
Result<SurveyFile> read_survey_file(const std::filesystem::path& path);
Result<SurveyFile> survey_file_of(const config::Document& document);

}  // namespace recorte::survey
