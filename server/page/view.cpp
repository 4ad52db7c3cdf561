// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/view.hpp"

#include "core/base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace recorte::page {
namespace {

constexpr double kWidest = 360;

class Query {
 public:
  explicit Query(std::string path) : text_(std::move(path)) {}
  Query& add(std::string_view name, const std::string& value) {
    if (value.empty()) return *this;
    text_ +=
        (text_.find('?') == text_.npos ? "?" : "&") + std::string(name) + "=" + url_encode(value);
    return *this;
  }
  std::string text() const { return text_; }

 private:
  std::string text_;
};

Query stamp(const std::string& path, const View& view, const std::vector<std::string>& bands) {
  return Query(path)
      .add("survey", view.survey->id)
      .add("ra", degrees_text(view.centre.ra))
      .add("dec", degrees_text(view.centre.dec))
      .add("size", size_of(view))
      .add("bands", join(bands, ","));
}

std::optional<double> degrees(const View& view, const Extent& extent) {
  if (extent.unit == Extent::Unit::kDegree) return extent.value;
  if (!view.survey->pixel_scale) return {};
  return extent.value * *view.survey->pixel_scale;
}

/// JSON writes text as Python reads it.
std::string python_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::optional<View> moved(const View& view, int position_angle) {
  const auto along = position_angle % 180 == 0 ? view.height : view.width;
  const auto field = degrees(view, along);
  if (!field) return {};
  auto out = view;
  out.centre = sky::to_position(
      sky::offset(sky::to_vector(view.centre), position_angle, std::min(*field, kWidest / 2) / 2));
  return out;
}

std::optional<View> zoomed(const View& view, double factor) {
  auto out = view;
  for (auto* side : {&out.width, &out.height}) {
    side->value *= factor;
    const bool pixels = side->unit == Extent::Unit::kPixel;
    if (pixels ? side->value < 1 : side->value > kWidest) return {};
  }
  return out;
}

std::string size_of(const View& view) {
  const auto width = size_text(view.width);
  return view.width == view.height ? width : width + "," + size_text(view.height);
}

std::vector<std::string> picture_bands(const View& view) {
  const auto& bands = view.bands.empty() ? view.survey->bands : view.bands;
  if (bands.size() == 2) return {bands.front()};
  return view.bands;
}

std::string home_path(const View& view) {
  return Query("/")
      .add("survey", view.survey->id)
      .add("position", position_text(view.centre))
      .add("size", size_of(view))
      .add("bands", join(view.bands, ","))
      .text();
}

std::string home_path(const Survey& survey) { return Query("/").add("survey", survey.id).text(); }

std::string fits_path(const View& view, const std::vector<std::string>& planes) {
  return stamp("/api/v1/cutout", view, view.bands)
      .add("planes", planes.empty() ? "" : "image," + join(planes, ","))
      .add("format", "fits")
      .text();
}

std::string picture_path(const View& view) {
  return stamp("/api/v1/cutout", view, picture_bands(view)).add("format", "png").text();
}

std::string images_path(const View& view) {
  return stamp("/api/v1/images", view, view.bands).text();
}

std::string soda_path(const View& view) {
  const auto field = degrees(view, view.width);
  if (!field) return "";
  return Query("/sync")
      .add("ID", view.survey->id)
      .add("CIRCLE", position_text(view.centre) + " " + degrees_text(*field / 2))
      .add("FILTER", join(view.bands, ","))
      .text();
}

std::string curl_command(const std::string& base_url, const std::string& path,
                         const std::string& name) {
  return "curl " + (name.empty() ? "-OJ" : "-o " + name) + " '" + base_url + path + "'";
}

std::string python_program(const std::string& base_url, const View& view) {
  const auto line = [](std::string_view name, const std::string& value) {
    return "    \"" + std::string(name) + "\": " + value + ",\n";
  };
  return "from urllib.parse import urlencode\n"
         "from astropy.io import fits\n\n"
         "query = urlencode({\n" +
         line("survey", python_text(view.survey->id)) + line("ra", degrees_text(view.centre.ra)) +
         line("dec", degrees_text(view.centre.dec)) + line("size", python_text(size_of(view))) +
         (view.bands.empty() ? "" : line("bands", python_text(join(view.bands, ",")))) +
         "})\n"
         "url = " +
         python_text(base_url + "/api/v1/cutout?") +
         " + query\n"
         "cutout = fits.open(url)\n"
         "cutout.info()";
}

}  // namespace recorte::page
