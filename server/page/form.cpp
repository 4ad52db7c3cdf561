// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/form.hpp"

#include "core/base/text.hpp"
#include "core/cutout/parameters.hpp"

#include <algorithm>
#include <utility>

namespace recorte::page {
namespace {

constexpr double kDefaultSize = 2.0 / 60;
/// Where the default is far fewer or far more pixels than this, it is this.
constexpr double kDefaultPixels = 300;
constexpr double kFar = 4;

std::string default_size(const Survey* survey) {
  const Extent usual{kDefaultSize};
  if (!survey || !survey->pixel_scale) return size_text(usual);
  const double pixels = kDefaultSize / *survey->pixel_scale;
  const bool suits = pixels > kDefaultPixels / kFar && pixels < kDefaultPixels * kFar;
  return size_text(suits ? usual : Extent{kDefaultPixels, Extent::Unit::kPixel});
}

std::string unknown_survey(const std::string& id, const std::vector<Survey>& surveys) {
  std::vector<std::string> known;
  for (const auto& survey : surveys) known.push_back(survey.id);
  const auto near = did_you_mean(id, known);
  return "no survey is called '" + id + "'; " +
         (near.empty() ? "choose one of those below" : "did you mean " + near + "?");
}

/// The value; or nothing, and the error beside its field.
template <class T>
std::optional<T> take(Result<T> result, Form::Field& field) {
  if (result) return std::move(*result);
  field.error = std::move(result).error().message;
  return {};
}

Result<std::pair<Extent, Extent>> read_size(const std::string& typed) {
  cutout::RequestDraft draft;
  RECORTE_TRY(draft.set("size", typed));
  RECORTE_TRY(sky::make_box({}, draft.size->first, draft.size->second));
  return *draft.size;
}

/// In the survey's spelling; between blanks or commas.
Result<std::vector<std::string>> read_bands(const std::string& typed, const Survey& survey) {
  auto words = typed;
  std::replace(words.begin(), words.end(), ',', ' ');
  std::vector<std::string> out;
  for (const auto& word : split_blanks(words)) {
    const auto& known = survey.bands;
    auto band = std::find(known.begin(), known.end(), word);
    if (band == known.end())
      band = std::find_if(known.begin(), known.end(),
                          [&](const auto& name) { return equal_ignoring_case(name, word); });
    if (band == known.end())
      return fail(ErrorCode::kUsage, "'" + word + "' is not a band of " + survey.id +
                                         "; write some of " + join(known, ", ") +
                                         ", or nothing for all");
    if (std::find(out.begin(), out.end(), *band) == out.end()) out.push_back(*band);
  }
  return out;
}

}  // namespace

int Form::status() const {
  if (!survey.error.empty()) return 404;
  return error().empty() ? 200 : 400;
}

const std::string& Form::error() const {
  for (const auto* field : {&survey, &position, &size})
    if (!field->error.empty()) return field->error;
  return bands.error;
}

Form read_form(const http::Request& request, const std::vector<Survey>& surveys) {
  const auto typed = [&](std::string_view name) {
    const auto* value = request.parameter(name);
    return std::string(value ? trim(*value) : "");
  };
  Form form;
  form.survey.value = typed("survey");
  form.chosen = form.survey.value.empty() ? (surveys.empty() ? nullptr : &surveys.front())
                                          : find_survey(surveys, form.survey.value);
  if (!form.survey.value.empty() && !form.chosen)
    form.survey.error = unknown_survey(form.survey.value, surveys);
  form.position.value = typed("position");
  form.size.value = typed("size");
  if (form.size.value.empty()) form.size.value = default_size(form.chosen);
  form.bands.value = typed("bands");

  const auto size = take(read_size(form.size.value), form.size);
  if (!form.chosen) return form;
  auto centre = form.chosen->example;
  // Who only came to look has made no mistake.
  const bool submitted = request.parameter("position") != nullptr;
  if (!form.position.value.empty() || (!centre && submitted))
    centre = take(read_position(form.position.value), form.position);
  const auto bands = take(read_bands(form.bands.value, *form.chosen), form.bands);
  if (!size || !centre || !bands) return form;
  if (form.position.value.empty()) form.position.value = position_text(*centre);
  form.view = View{form.chosen, *centre, size->first, size->second, *bands};
  return form;
}

}  // namespace recorte::page
