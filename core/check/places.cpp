// SPDX-License-Identifier: BSD-3-Clause
#include "core/check/places.hpp"

#include "core/base/io.hpp"
#include "core/config/document.hpp"
#include "core/demo/demo_survey.hpp"
#include "core/plugin/schema.hpp"

#include <nlohmann/json.hpp>
#include <stdlib.h>

namespace recorte::check {
namespace {

namespace fs = std::filesystem;

Result<Place> given(const fs::path& toml) {
  std::error_code error;
  if (!fs::is_regular_file(toml, error) || toml.extension() != ".toml")
    return fail(ErrorCode::kNotFound,
                toml.string() + " is no survey file: name one that ends in .toml");
  return Place{fs::absolute(toml).parent_path(), toml.stem().string(), true};
}

}  // namespace

Places::~Places() {
  std::error_code error;
  if (!directory_.empty()) fs::remove_all(directory_, error);
}

Result<fs::path> Places::directory() {
  if (directory_.empty()) {
    auto name = (fs::temp_directory_path() / "recorte-check-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      return fail(os_error("cannot make a directory in " + fs::temp_directory_path().string()));
    directory_ = name;
  }
  return directory_;
}

Result<fs::path> Places::scratch() {
  auto into = directory();
  if (!into) return into;
  std::error_code error;
  fs::create_directory(*into / "scratch", error);
  if (error)
    return fail(ErrorCode::kUnavailable,
                "cannot make a directory in " + into->string() + ": " + error.message());
  return *into / "scratch";
}

Result<Place> Places::of_survey(const plugin::Manifest& manifest, const fs::path& toml) {
  if (!toml.empty()) {
    const auto document = config::read_toml(toml);
    if (!document) return fail(document.error());
    const auto section = document->value->value("survey", nlohmann::json::object());
    const auto served_by = section.value("plugin", "tiles");
    if (served_by != manifest.id)
      return fail(ErrorCode::kUsage, toml.string() + " is a survey of the plugin " + served_by);
    return given(toml);
  }
  auto into = directory();
  if (!into) return fail(std::move(into).error());
  const auto id = manifest.id;
  const nlohmann::json settings{{"survey", {{"plugin", id}}}};
  if (const auto valid = plugin::validate(settings, manifest.config_schema);
      !valid || id == "tiles")
    return fail(ErrorCode::kUsage, "it wants settings: name a survey's file by --survey");
  RECORTE_TRY(write_file(*into / (id + ".toml"), "[survey]\nplugin = \"" + id + "\"\n"));
  return Place{*into, id, false};
}

Result<Place> Places::of_images(const fs::path& toml) {
  if (!toml.empty()) return given(toml);
  auto into = directory();
  if (!into) return fail(std::move(into).error());
  if (auto made = demo::make_demo_survey(*into / "demo"); !made) return fail(made.error());
  return Place{*into / "demo" / "surveys.d", std::string(demo::kSurvey), false};
}

}  // namespace recorte::check
