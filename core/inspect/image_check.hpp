/// One image, opened and compared with what the survey says of it: its planes, its place on the
/// sky, its header, its last pixels.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/image_cache.hpp"
#include "core/cutout/source.hpp"
#include "core/inspect/remarks.hpp"
#include "core/survey/survey_file.hpp"

#include <limits>
#include <optional>
#include <string>

namespace recorte::inspect {

/// What one image shares, or does not, with the others of its band.
struct ImageFacts {
  std::string band, unit;
  std::string packing;     ///< "RICE_1", "whole file", "none"
  bool whole = false;      ///< packed as a whole, by gzip or bzip2
  double pixel_scale = 0;  ///< degrees; 0 where it is not known
  double zeropoint = std::numeric_limits<double>::quiet_NaN();
  sky::Position centre{};
};

/// Says what is wrong or surprising; nullopt where it cannot be cut. `rules` are those of the
/// survey's file, where it has any.
std::optional<ImageFacts> check_image(const cutout::Source& source, const survey::SurveyFile& rules,
                                      cutout::ImageCache& cache, Remarks& remarks);

}  // namespace recorte::inspect
