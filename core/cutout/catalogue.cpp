// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/catalogue.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/config/document.hpp"
#include "core/cutout/source.hpp"
#include "core/cutout/survey_rules.hpp"
#include "core/plugin/readme.hpp"
#include "core/plugin/schema.hpp"
#include "core/plugin/stage.hpp"
#include "core/plugin/survey_settings.hpp"
#include "core/survey/access_file.hpp"
#include "core/survey/bands.hpp"
#include "core/survey/seek_index.hpp"
#include "core/survey/survey_file.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>

namespace recorte::cutout {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr double kDayMicros = 86'400e6;

/// What makes each format where the request names no algorithm: never whatever happens to be
/// installed.
constexpr std::array<std::string_view, kFormatNames.size()> kDefaultAlgorithms{"cut", "lupton",
                                                                               "lupton"};

/// Paths in a survey's file begin where the file stands.
void resolve(json& section, const char* key, const fs::path& directory,
             const std::string& fallback) {
  const auto path = section.value(key, fallback);
  if (!path.empty()) section[key] = fs::weakly_canonical(directory / path).string();
}

double number_or_nan(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : NAN;
}

/// Fills what describe() says: see docs/reference/describe.md.
Status take_description(Survey& survey, const std::string& text) {
  const auto who = "the plugin " + survey.plugin + " describes the survey " + survey.id;
  const auto document = json::parse(text, nullptr, false);
  if (!document.is_object())
    return fail(ErrorCode::kPlugin, who + " with something that is no JSON object");
  try {
    survey.title = document.value("title", survey.id);
    survey.release = document.value("release", "");
    survey.releases = document.value("releases", std::vector<std::string>{});
    if (survey.releases.empty() && !survey.release.empty()) survey.releases = {survey.release};
    survey.citation = document.value("citation", "");
    for (const auto& band : document.value("bands", json::array()))
      survey.bands.push_back(
          {band.at("name"), number_or_nan(band, "lambda_min"), number_or_nan(band, "lambda_max")});
    survey.planes = document.value("planes", std::vector<std::string>{"image"});
    survey.pixel_scale = number_or_nan(document, "pixel_scale");
    const auto example = document.value("example", json::object());
    survey.example_ra = number_or_nan(example, "ra");
    survey.example_dec = number_or_nan(example, "dec");
  } catch (const json::exception& e) {
    return fail(ErrorCode::kPlugin, who + " wrongly: " + e.what());
  }
  return {};
}

/// Wavelengths of [bands], where the adapter gave none; and the order they make.
Status take_wavelengths(Survey& survey, const config::Document& document) {
  const auto table = document.value->value("bands", json::object());
  for (auto& band : survey.bands) {
    if (!std::isnan(band.lambda_min) || !table.contains(band.name)) continue;
    const auto& text = table[band.name];
    if (!text.is_string() || text.get<std::string>().empty()) continue;
    auto interval = survey::parse_wavelengths(text.get<std::string>());
    if (!interval)
      return fail(
          document.error("/bands" + config::pointer_step(band.name), interval.error().message));
    band.lambda_min = interval->min;
    band.lambda_max = interval->max;
  }
  auto middle = [](const Band& b) {
    const double m = (b.lambda_min + b.lambda_max) / 2;
    return std::isnan(m) ? INFINITY : m;
  };
  std::stable_sort(survey.bands.begin(), survey.bands.end(),
                   [&](const Band& a, const Band& b) { return middle(a) < middle(b); });
  return {};
}

}  // namespace

Catalogue::Catalogue(fs::path surveys, plugin::Registry registry, const plugin::Host& host)
    : directory_(std::move(surveys)), registry_(std::move(registry)), host_(host) {}

Catalogue::~Catalogue() {
  for (auto& [id, survey] : surveys_) survey->table->close(survey->self);
  for (auto& [id, algorithm] : algorithms_)
    if (algorithm) algorithm->table->close(algorithm->self);  // else it could not be opened
}

std::vector<std::string> Catalogue::ids() const {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory_, error))
    if (entry.path().extension() == ".toml") out.push_back(entry.path().stem());
  std::sort(out.begin(), out.end());
  return out;
}

Result<plugin::Library*> Catalogue::library(const plugin::Entry& entry, const Watch& watch) {
  auto& slot = libraries_[entry.file];
  if (!slot) {
    RECORTE_TRY(check_content(entry));
    watch.stage(plugin::stage_of(entry.manifest.label(), "while it was loaded"));
    auto loaded = plugin::Library::load(entry.file, host_);
    watch.stage("");
    if (!loaded) return fail(std::move(loaded).error());
    slot = std::make_unique<plugin::Library>(std::move(*loaded));
  }
  return slot.get();
}

Status Catalogue::load(const fs::path& file, const Watch& watch) {
  for (const auto& entry : registry_.plugins())
    if (entry.file == file) {
      if (auto loaded = library(entry, watch); !loaded) return fail(std::move(loaded).error());
      return {};
    }
  for (const auto& refusal : registry_.refused())
    if (refusal.file == file) return fail(refusal.error);
  return fail(ErrorCode::kNotFound, file.string() + ": it is in no directory of plugins");
}

Result<const Survey*> Catalogue::survey(const std::string& id, const Watch& watch) {
  auto known = surveys_.find(id);
  if (known != surveys_.end()) {
    auto& survey = *known->second;
    if (current(survey) || !may_open(survey)) return &survey;
    watch.stage(plugin::stage_of(survey.plugin, "while it closed the survey " + id));
    survey.table->close(survey.self);
    watch.stage("");
    surveys_.erase(known);
  }
  auto opened = open_survey(id, watch);
  if (!opened) return fail(std::move(opened).error());
  return surveys_.emplace(id, std::move(*opened)).first->second.get();
}

bool Catalogue::current(const Survey& survey) const {
  return file_stamp(toml_of(survey.id)).value_or(FileStamp{}) == survey.toml &&
         file_stamp(survey.index_file).value_or(FileStamp{}) == survey.index;
}

bool Catalogue::may_open(const Survey& survey) const {
  const auto refused = [](const fs::path& file) {
    const Fd opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    return !opened && errno == EACCES;
  };
  return !refused(toml_of(survey.id)) && !refused(survey.index_file);
}

Result<std::unique_ptr<Survey>> Catalogue::open_survey(const std::string& id, const Watch& watch) {
  std::error_code unreadable;
  if (!survey::good_survey_id(id) || !fs::exists(toml_of(id), unreadable)) {
    const auto known = ids();
    const auto near = did_you_mean(id, known);
    return fail(ErrorCode::kNotFound,
                "no survey is called '" + id + "'" +
                    (!near.empty()   ? "; did you mean " + near + "?"
                     : known.empty() ? "; " + directory_.string() +
                                           (fs::is_directory(directory_)
                                                ? " holds none: make one with recorte survey index"
                                                : " is no directory: name that of the surveys")
                                     : "; there are " + join(known, ", ")));
  }
  // Before it is read: a change in the meantime is one more change.
  const auto toml = file_stamp(toml_of(id)).value_or(FileStamp{});
  const auto file = config::read_toml(toml_of(id));
  if (!file) return fail(file.error());
  auto complete = plugin::complete_survey(*file, registry_);
  if (!complete) return fail(std::move(complete).error());
  const auto& [entry, document, pins] = *complete;
  const auto& manifest = entry->manifest;
  config::Complaints complaints(document);
  check_survey(*complete, registry_, id, complaints);
  RECORTE_TRY(complaints.first());
  auto access = survey::survey_access_of(document);
  if (!access) return fail(std::move(access).error());
  json settings = *document.value;
  settings.erase(survey::kAccessSection);
  settings.erase(plugin::kPinsSection);
  auto& section = settings["survey"];
  section["id"] = id;
  if (section.contains("public_after")) {
    const auto age = parse_duration(section["public_after"].get<std::string>());
    if (!age) return fail(document.error("/survey/public_after", age.error().message));
    section["public_after"] = static_cast<double>(*age) / kDayMicros;
  }
  resolve(section, "root", directory_, ".");
  resolve(section, "index", directory_, id + ".index");

  auto loaded = library(*entry, watch);
  if (!loaded) return fail(std::move(loaded).error());
  auto survey = std::make_unique<Survey>();
  survey->id = id;
  survey->toml = toml;
  survey->index_file = section.value("index", "");
  survey->index = file_stamp(survey->index_file).value_or(FileStamp{});
  survey->seek_directory = survey::seek_directory(survey->index_file);
  survey->access = std::move(*access);
  survey->description = section.value("description", "");
  survey->variant = section.value("variant", "");
  survey->epochs = section.value("kind", "tiles") == "epochs";
  survey->plugin = manifest.label();
  survey->pins = pins;
  survey->documented = !plugin::readme_of(entry->file).empty();
  survey->config = std::make_unique<recorte_config>(std::move(settings));
  survey->table = (*loaded)->survey();

  const auto ask = [&](const std::string& doing, auto&& call) {
    watch.stage(plugin::stage_of(survey->plugin, "while it " + doing + " the survey " + id));
    auto done = plugin::call_plugin("the survey " + id + " cannot be " + doing, call);
    watch.stage("");
    return done;
  };
  RECORTE_TRY(ask("opened", [&](recorte_error* error) {
    return survey->table->open(host_.table(), survey->config.get(), &survey->self, error);
  }));
  std::string description;
  const recorte_text_sink sink{sizeof sink, 0, &description,
                               [](const recorte_text_sink* s, recorte_str text) {
                                 static_cast<std::string*>(s->ctx)->append(view(text));
                               }};
  auto described = ask("described", [&](recorte_error* error) {
    return survey->table->describe(survey->self, &sink, error);
  });
  if (described) described = take_description(*survey, description);
  if (described) described = take_wavelengths(*survey, document);
  if (!described) {
    survey->table->close(survey->self);
    return fail(std::move(described).error());
  }
  return survey;
}

Result<const Algorithm*> Catalogue::algorithm(const std::string& id, Format format,
                                              const Survey& survey, const Watch& watch) {
  const auto wanted = static_cast<std::size_t>(format);
  const std::string name(id.empty() ? kDefaultAlgorithms[wanted] : id);
  auto entry = registry_.find(name, RECORTE_ALGORITHM_V1, survey.pins.of(name));
  if (!entry) return fail(std::move(entry).error());
  const auto& manifest = (*entry)->manifest;
  // A picture is a picture: what makes PNG makes JPEG.
  const auto kind =
      kFormatNames[static_cast<std::size_t>(is_picture(format) ? Format::kPng : format)];
  if (std::find(manifest.formats.begin(), manifest.formats.end(), kind) == manifest.formats.end())
    return fail(ErrorCode::kUsage, "the algorithm " + manifest.id + " makes no " +
                                       std::string(kFormatNames[wanted]) +
                                       "; ask for format=" + join(manifest.formats, " or ") +
                                       ", or leave the algorithm out");
  auto& slot = algorithms_[(*entry)->file];
  if (slot) return slot.get();
  auto loaded = library(**entry, watch);
  if (!loaded) return fail(std::move(loaded).error());
  auto schema = plugin::Schema::parse(manifest.params_schema);
  if (!schema) return fail(std::move(schema).error());
  auto algorithm = std::make_unique<Algorithm>();
  algorithm->manifest = manifest;
  algorithm->params = std::move(*schema);
  algorithm->config = std::make_unique<recorte_config>(json::object());
  algorithm->table = (*loaded)->algorithm();
  watch.stage(plugin::stage_of(manifest.label(), "while it was opened"));
  auto opened = plugin::call_plugin(
      "the algorithm " + manifest.id + " cannot be opened", [&](recorte_error* error) {
        return algorithm->table->open(host_.table(), algorithm->config.get(), &algorithm->self,
                                      error);
      });
  watch.stage("");
  if (!opened) return fail(std::move(opened).error());
  slot = std::move(algorithm);
  return slot.get();
}

namespace {

/// What else there is to say of who may see it.
json access_json(const account::SurveyAccess& access) {
  return {{"hidden", access.hidden},
          {"share", access.share},
          {"by_image", access.by_image},
          {"releases", access.releases}};
}

}  // namespace

json describe(const Survey& survey) {
  auto number = [](double value) { return std::isfinite(value) ? json(value) : json(); };
  json bands = json::array();
  for (const auto& band : survey.bands)
    bands.push_back({{"name", band.name},
                     {"lambda_min", number(band.lambda_min)},
                     {"lambda_max", number(band.lambda_max)}});
  return {{"id", survey.id},
          {"title", survey.title},
          {"description", survey.description},
          {"release", survey.release},
          {"releases", survey.releases},
          {"citation", survey.citation},
          {"access_group", survey.access.group},
          {"access", access_json(survey.access)},
          {"plugin", survey.plugin},
          {"documented", survey.documented},
          {"bands", std::move(bands)},
          {"planes", survey.planes},
          {"pixel_scale", number(survey.pixel_scale)},
          {"example", {{"ra", number(survey.example_ra)}, {"dec", number(survey.example_dec)}}}};
}

}  // namespace recorte::cutout
