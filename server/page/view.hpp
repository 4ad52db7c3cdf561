/// What the page shows: a field of a survey, and every address and command that leads to it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/page/notation.hpp"
#include "server/page/survey.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::page {

struct View {
  const Survey* survey = nullptr;
  sky::Position centre;
  Extent width, height;
  std::vector<std::string> bands;  ///< none: all
};

/// By half the field at a position angle of 0 (north), 90 (east), 180 or 270 degrees; nullopt for a
/// size in pixels of unknown scale.
std::optional<View> moved(const View& view, int position_angle);
/// The field `factor` times as wide and as high; nullopt past one pixel or 360 degrees.
std::optional<View> zoomed(const View& view, double factor);

/// "2arcmin", "2arcmin,1arcmin".
std::string size_of(const View& view);
/// The bands of the picture, none for all: colour takes three, so of two the first is shown, grey.
std::vector<std::string> picture_bands(const View& view);

/// Paths with their query, from the root of the service. `planes`: those beside the image.
std::string home_path(const View& view);
std::string home_path(const Survey& survey);
std::string fits_path(const View& view, const std::vector<std::string>& planes = {});
std::string picture_path(const View& view);
std::string images_path(const View& view);
/// A circle as wide as the field; "" for a size in pixels of unknown scale.
std::string soda_path(const View& view);

/// What to type to get a file; `base_url` without a slash at its end. The file is called `name`, or
/// as the service calls it where that is "".
std::string curl_command(const std::string& base_url, const std::string& path,
                         const std::string& name = "");
std::string python_program(const std::string& base_url, const View& view);

}  // namespace recorte::page
