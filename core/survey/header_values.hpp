/// What an image's header says of its band, time, depth and units: by the keywords of [header],
/// else by those in common use. Looked for in the image's own HDU first, then in the primary.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/fits/header.hpp"
#include "core/survey/survey_file.hpp"

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace recorte::survey {

struct HeaderValues {
  std::string band;  ///< as the header has it, perhaps "clear"; an alias may know better
  std::string unit, version;
  double t_min = std::numeric_limits<double>::quiet_NaN();  ///< MJD
  double t_max =
      std::numeric_limits<double>::quiet_NaN();  ///< MJD; t_min + exptime where not given
  double exptime = std::numeric_limits<double>::quiet_NaN();    ///< seconds, above zero
  double zeropoint = std::numeric_limits<double>::quiet_NaN();  ///< magnitudes
};

HeaderValues header_values(const fits::Header& image, const fits::Header& primary,
                           const HeaderRules& rules);

/// "57828.26" (MJD), "2457828.76" (JD), "2017-03-16T06:18:30.75", "2017-03-16", "16/03/97" (19yy,
/// FITS before 1998), "19930417", to MJD.
std::optional<double> mjd_of(std::string_view text);

}  // namespace recorte::survey
