// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/survey_file.hpp"

#include "core/base/angle.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/fits/remote_file.hpp"
#include "core/survey/access_file.hpp"
#include "core/survey/bands.hpp"
#include "core/survey/path_template.hpp"
#include "core/survey/pattern.hpp"
#include "core/survey/toml_section.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace recorte::survey {
namespace {

constexpr std::array<std::string_view, 4> kRoles{"image", "weight", "variance", "mask"};

Result<double> degrees(std::string_view text) {
  const auto extent = parse_extent(text);
  if (!extent) return fail(extent.error());
  if (extent->unit != Extent::Unit::kDegree)
    return fail(ErrorCode::kUsage, "'" + std::string(text) + "' must be an angle; write 0.73deg");
  return extent->value;
}

Result<double> days(std::string_view text) {
  const auto duration = parse_duration(text);
  if (!duration) return fail(duration.error());
  return static_cast<double>(*duration) / 86400e6;
}

void read_planes(Section& section, std::vector<PlaneRule>& out) {
  const auto* planes = section.value("planes");
  if (!planes) return;
  if (!planes->is_object())
    return section.complain("planes", "'planes' is a table; write planes = { image = \"SCI\" }");
  for (const auto role : kRoles) {
    const auto found = planes->find(role);
    if (found == planes->end()) continue;
    if (found->is_string() && !found->get<std::string>().empty()) {
      out.push_back({std::string(role), found->get<std::string>()});
    } else if (found->is_number_integer() && found->get<std::int64_t>() >= 0 &&
               found->get<std::int64_t>() < 100'000) {
      out.push_back({std::string(role), found->get<int>()});
    } else {
      section.complain("planes", "the plane '" + std::string(role) +
                                     "' is an EXTNAME, an HDU number (0 is the primary) or a "
                                     "{product} of the pattern, not " +
                                     found->dump());
    }
  }
  if (!planes->contains("image"))
    section.complain("planes", "'planes' must say which is the image; add image = \"SCI\"");
}

/// Sibling files need {product} and, for each plane, the product that it is.
void check_products(Section& section, const SurveyFile& survey) {
  const auto& names = survey.tiles.empty() ? survey.pattern : survey.path;
  if (names.find("{product}") == names.npos) return;
  const char* key = survey.tiles.empty() ? "pattern" : "path";
  if (survey.planes.empty())
    section.complain(key,
                     "{product} stands in '" + std::string(key) +
                         "'; say which is which: planes = { image = \"sci\", mask = \"msk\" }");
  for (const auto& plane : survey.planes)
    if (!std::holds_alternative<std::string>(plane.choice))
      section.complain("planes", "the plane '" + plane.role +
                                     "' must be one of the values of "
                                     "{product}, as text");
}

void read_where(Section& section, SurveyFile& out) {
  const auto base = std::filesystem::absolute(out.file).parent_path();
  const auto path = [&](const char* key) {
    std::string text;
    section.text(key, text);
    return text.empty() ? std::filesystem::path() : (base / text).lexically_normal();
  };
  out.root = path("root");
  out.root_given = !out.root.empty();
  if (!out.root_given) out.root = base;
  out.index = path("index");
  if (out.index.empty()) out.index = base / (out.id + ".index");
  out.tiles = path("tiles");
  section.text("path", out.path);
  section.text("pattern", out.pattern);
  section.parsed<double>("tile_size", degrees, out.tile_size);
  section.parsed<double>("tile_margin", degrees, out.tile_margin);
  std::string keep;
  section.text("keep", keep);
  // An adapter has defaults for tables of tiles and for scans: those of the other are not meant.
  const auto forget = [&](const char* key, std::string& text) {
    if (section.is_default(key)) text.clear();
  };
  if (out.tiles.empty()) {
    forget("path", out.path);
    forget("keep", keep);
  } else {
    forget("pattern", out.pattern);
  }
  if (keep == "newest") out.keep = SurveyFile::Keep::kNewest;
  if (!keep.empty() && keep != "newest" && keep != "all")
    section.complain("keep", "'keep' is \"newest\" or \"all\", not '" + keep + "'");
  if (out.tiles.empty() != out.path.empty())
    section.complain(out.tiles.empty() ? "path" : "tiles",
                     "'tiles' (a table) and 'path' (its file names) need each other");
  if (!out.tiles.empty() && !out.pattern.empty())
    section.complain("pattern", "'pattern' is for scans; with 'tiles', 'path' names the files");
  if (!keep.empty() && out.tiles.empty())
    section.complain("keep",
                     "'keep' chooses among the files of a tile; it needs 'tiles' and 'path'");
  if (!out.pattern.empty())
    if (auto pattern = Pattern::parse(out.pattern); !pattern)
      section.complain("pattern", pattern.error().message);
  if (!out.path.empty())
    if (auto path = PathTemplate::parse(out.path); !path)
      section.complain("path", path.error().message);
  if (fits::is_remote(out.path) && out.path.find('*') != out.path.npos)
    section.complain("path",
                     "no directory of a server is looked through; 'path' names each remote "
                     "file without stars");
}

void read_main(config::Complaints& complaints, SurveyFile& out) {
  Section section(complaints, "survey");
  const auto& document = complaints.document();
  out.id = document.path.stem().string();
  section.text("id", out.id);
  if (!good_survey_id(out.id))
    section.complain("id",
                     "'" + out.id + "' cannot be a survey's id; use letters, digits, _ - and .");
  section.text("title", out.title);
  section.text("release", out.release);
  section.text("description", out.description);
  section.text("citation", out.citation);
  section.text("plugin", out.plugin);
  section.text("access_group", out.access_group);
  section.parsed<double>("public_after", days, out.public_after_days);
  if (out.public_after_days && out.access_group.empty())
    section.complain("public_after",
                     "'public_after' needs an 'access_group' for the younger images");
  std::string kind;
  section.text("kind", kind);
  if (kind == "epochs") out.kind = SurveyFile::Kind::kEpochs;
  if (!kind.empty() && kind != "epochs" && kind != "tiles")
    section.complain("kind", "'kind' is \"tiles\" or \"epochs\", not '" + kind + "'");
  read_where(section, out);
  read_planes(section, out.planes);
  check_products(section, out);
  section.text("unit", out.unit);
  section.text("version", out.version);
  section.text("variant", out.variant);
  section.number("zeropoint", out.zeropoint);
  section.parsed<double>("pixel_scale", degrees, out.pixel_scale);
  section.finish();
  const auto* planes = section.value("planes");
  if (planes && planes->is_object())
    refuse_unknown(complaints, *planes, "/survey/planes", "planes", {kRoles.begin(), kRoles.end()});
}

void read_bands(config::Complaints& complaints, SurveyFile& out) {
  Section bands(complaints, "bands");
  for (const auto& [name, text] : bands.texts()) {
    Band band{name};
    if (!trim(text).empty()) {
      if (const auto range = parse_wavelengths(text)) {
        band.lambda_min = range->min;
        band.lambda_max = range->max;
      } else {
        bands.complain(name, range.error().message);
      }
    }
    out.bands.push_back(std::move(band));
  }
  // Bands of unknown wavelength come last, in the order of their names.
  std::stable_sort(out.bands.begin(), out.bands.end(), [](const Band& a, const Band& b) {
    const auto key = [](const Band& band) {
      const double middle = band.lambda_min + band.lambda_max;
      return std::isnan(middle) ? std::numeric_limits<double>::infinity() : middle;
    };
    return key(a) < key(b);
  });
  bands.finish();
  Section aliases(complaints, "band_aliases");
  for (const auto& [from, to] : aliases.texts()) {
    const bool listed = std::any_of(out.bands.begin(), out.bands.end(),
                                    [&to = to](const Band& band) { return band.name == to; });
    if (!listed && !out.bands.empty())
      aliases.complain(from, "'" + to + "' is not among [bands]; add it there");
    out.band_aliases[from] = to;
  }
  aliases.finish();
}

void read_header(config::Complaints& complaints, HeaderRules& out) {
  Section section(complaints, "header");
  section.text("t_min", out.t_min);
  section.text("t_max", out.t_max);
  section.text("exptime", out.exptime);
  section.text("zeropoint", out.zeropoint);
  section.text("unit", out.unit);
  section.text("version", out.version);
  section.text("band", out.band);
  section.finish();
}

void read_lupton(config::Complaints& complaints, SurveyFile& out) {
  Section section(complaints, "colour.lupton");
  LuptonRule rule;
  if (const auto* rgb = section.value("rgb")) {
    const bool bands =
        rgb->is_array() && rgb->size() >= 2 &&
        std::all_of(rgb->begin(), rgb->end(), [](const auto& b) { return b.is_string(); });
    if (bands) {
      rule.rgb = rgb->get<std::vector<std::string>>();
    } else {
      section.complain("rgb", "'rgb' names bands from red to blue: rgb = [\"i\", \"r\", \"g\"]");
    }
    for (const auto& band : rule.rgb)
      if (!out.bands.empty() && out.listed_band(band) != band)
        section.complain("rgb", "'" + band + "' is not among [bands]");
  }
  section.number("Q", rule.q);
  section.number("stretch", rule.stretch);
  section.number("minimum", rule.minimum);
  std::string scaling;
  section.text("scaling", scaling);
  if (rule.q && *rule.q <= 0) section.complain("Q", "Q must be above zero");
  if (rule.stretch && *rule.stretch <= 0) section.complain("stretch", "stretch must be above zero");
  if (section.present()) out.lupton = std::move(rule);
  section.finish();
}

void read_example(config::Complaints& complaints, SurveyFile& out) {
  Section section(complaints, "example");
  std::optional<double> ra, dec;
  section.number("ra", ra);
  section.number("dec", dec);
  if (section.present() && (!ra || !dec))
    section.complain("ra", "[example] needs ra and dec in degrees");
  if (ra && (*ra < 0 || *ra > 360)) section.complain("ra", "ra must lie in 0 to 360 degrees");
  if (dec && (*dec < -90 || *dec > 90))
    section.complain("dec", "dec must lie in -90 to 90 degrees");
  if (ra && dec) out.example = sky::Position{*ra, *dec};
  section.finish();
}

}  // namespace

bool good_survey_id(std::string_view id) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  return !id.empty() && id.front() != '.' && std::all_of(id.begin(), id.end(), good);
}

bool HeaderRules::any() const { return *this != HeaderRules{}; }

std::optional<std::string> SurveyFile::listed_band(const std::string& name) const {
  if (const auto alias = band_aliases.find(name); alias != band_aliases.end()) return alias->second;
  if (bands.empty()) return name;
  std::optional<std::string> near;
  for (const auto& band : bands) {
    if (band.name == name) return name;
    if (equal_ignoring_case(band.name, name)) near = band.name;
  }
  return near;
}

SurveyFile read_survey(config::Complaints& complaints) {
  const auto& document = complaints.document();
  SurveyFile out;
  out.file = document.path;
  read_main(complaints, out);
  // An adapter may have a section of its own, which its schema checks.
  refuse_unknown(complaints, *document.value, "", "the survey's file",
                 {"survey", "access", "plugins", "bands", "band_aliases", "header", "colour",
                  "example", out.plugin == "tiles" ? "survey" : out.plugin});
  read_access(complaints);
  read_bands(complaints, out);
  read_header(complaints, out.header);
  if (fits::is_remote(out.path) && out.header.any())
    complaints.add("/header",
                   "headers of remote files are not read when a survey is indexed; remove "
                   "[header], and write zeropoint, unit and the like in [survey], or columns");
  read_lupton(complaints, out);
  read_example(complaints, out);
  return out;
}

Result<SurveyFile> survey_file_of(const config::Document& document) {
  config::Complaints complaints(document);
  auto out = read_survey(complaints);
  RECORTE_TRY(complaints.first());
  return out;
}

Result<SurveyFile> read_survey_file(const std::filesystem::path& path) {
  auto document = config::read_toml(path);
  if (!document) return fail(document.error());
  return survey_file_of(*document);
}

}  // namespace recorte::survey
