// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/home.hpp"

#include "core/base/text.hpp"
#include "server/page/files.hpp"
#include "server/page/fill.hpp"
#include "server/page/form.hpp"
#include "server/page/prefix.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace recorte::page {
namespace {

using nlohmann::json;

/// What the browser may load on our behalf: our own pictures (in object, which has words to fall
/// back on where a picture fails) and style; no script.
constexpr std::string_view kContentPolicy =
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

/// null, for a section that is left out, where the text is empty.
json unless_empty(const std::string& text) { return text.empty() ? json() : json{{"text", text}}; }

json link(const std::string& prefix, const std::optional<View>& view) {
  return view ? json{{"url", prefix + home_path(*view)}} : json();
}

json field_json(const Form::Field& field) {
  return {{"value", field.value}, {"error", unless_empty(field.error)}};
}

json form_json(const Form& form, const std::vector<Survey>& surveys) {
  json options = json::array();
  for (const auto& survey : surveys)
    options.push_back(
        {{"id", survey.id}, {"title", survey.title}, {"selected", &survey == form.chosen}});
  return {{"options", std::move(options)},
          {"survey", field_json(form.survey)},
          {"position", field_json(form.position)},
          {"size", field_json(form.size)},
          {"bands", field_json(form.bands)},
          {"known_bands", unless_empty(form.chosen ? join(form.chosen->bands, ", ") : "")}};
}

/// What is switched, with an admin's words, where there are some.
json notice(const std::string& what, const std::string& message) {
  return {{"text", message.empty() ? what + "." : what + ": " + message}};
}

json survey_json(const Survey& survey, const std::string& prefix,
                 const service::Switched& switched) {
  const auto* off = switched.off(survey.id);
  json bands = json::array();
  for (const auto& band : survey.bands) bands.push_back({{"name", band}});
  return {
      {"id", survey.id},
      {"title", survey.title},
      {"off", off ? notice("Switched off for now", *off) : json()},
      {"release", unless_empty(survey.release)},
      {"description", unless_empty(survey.description)},
      {"citation", unless_empty(survey.citation)},
      {"coverage",
       survey.coverage ? json{{"url", prefix + "/api/v1/surveys/" + survey.id + "/"}} : json()},
      {"plugin",
       survey.plugin.empty() ? json() : json{{"url", prefix + "/plugins/" + survey.plugin}}},
      {"bands", std::move(bands)},
      {"planes", unless_empty(join(survey.planes, ", "))},
      {"scale",
       unless_empty(survey.pixel_scale ? size_label({*survey.pixel_scale}) + " per pixel" : "")},
      {"example", survey.example ? json{{"url", prefix + home_path(survey)},
                                        {"position", position_text(*survey.example)}}
                                 : json()}};
}

std::string field_label(const View& view) {
  return size_label(view.width) + " × " + size_label(view.height);
}

json picture_json(const View& view, const std::string& base_url, const std::string& prefix) {
  const auto& survey = *view.survey;
  const auto shown = picture_bands(view);
  const auto soda = soda_path(view);
  const auto bands = join(view.bands.empty() ? survey.bands : view.bands, ", ");
  return {{"title", survey.title},
          {"png_url", prefix + picture_path(view)},
          {"fits_url", prefix + fits_path(view)},
          {"planes", survey.planes.empty() ? json()
                                           : json{{"url", prefix + fits_path(view, survey.planes)},
                                                  {"names", join(survey.planes, " and ")}}},
          {"images_url", prefix + images_path(view)},
          {"position", position_text(view.centre)},
          {"sexagesimal", sexagesimal_text(view.centre)},
          {"field", field_label(view)},
          {"bands", bands},
          {"grey", shown == view.bands ? json() : json{{"band", shown.front()}}},
          {"north", link(prefix, moved(view, 0))},
          {"east", link(prefix, moved(view, 90))},
          {"south", link(prefix, moved(view, 180))},
          {"west", link(prefix, moved(view, 270))},
          {"closer", link(prefix, zoomed(view, 0.5))},
          {"wider", link(prefix, zoomed(view, 2))},
          {"curl", curl_command(base_url, fits_path(view))},
          {"python", python_program(base_url, view)},
          {"soda", unless_empty(soda.empty() ? "" : curl_command(base_url, soda, "circle.fits"))}};
}

std::string title(const Form& form) {
  if (!form.error().empty()) return "Not understood – Recorte";
  if (!form.view) return "Recorte";
  return form.view->survey->title + ", " + position_text(form.view->centre) + " – Recorte";
}

}  // namespace

http::Response home(const http::Request& request, const std::vector<Survey>& surveys,
                    const service::Switched& switched, bool can_sign_in) {
  const auto form = read_form(request, surveys);
  const auto prefix = prefix_of(request.base_url);
  json list = json::array();
  for (const auto& survey : surveys) list.push_back(survey_json(survey, prefix, switched));
  const auto& maintenance = switched.maintenance;
  const auto& who = request.principal;
  const json data{
      {"title", title(form)},
      {"prefix", prefix},
      {"user", unless_empty(who.anonymous() ? "" : who.user)},
      {"sign_in", can_sign_in && who.anonymous()},
      {"notice", maintenance
                     ? notice("Maintenance: no new cutouts or jobs for now", maintenance->value)
                     : json()},
      {"form", surveys.empty() ? json() : form_json(form, surveys)},
      {"picture", form.view ? picture_json(*form.view, request.base_url, prefix) : json()},
      {"surveys", std::move(list)},
      {"no_surveys", surveys.empty()}};
  auto response =
      http::text_response(form.status(), "text/html; charset=utf-8", fill(kHomeHtml, data));
  response.headers.set("Content-Security-Policy", std::string(kContentPolicy));
  response.headers.set("Cache-Control", "no-cache");
  response.notes.error = form.error();
  if (form.chosen) response.notes.survey = form.chosen->id;
  return response;
}

}  // namespace recorte::page
