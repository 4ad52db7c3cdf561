/// Which bands of a survey a request means: by name, by wavelength, by both, or all of them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/catalogue.hpp"
#include "core/cutout/request.hpp"

#include <vector>

namespace recorte::cutout {

/// In the order asked for, else by wavelength: those named (bands, else rgb; all where none is),
/// of these those whose wavelengths meet the interval asked for, ends included. Bands without
/// known wavelengths stay where none with known ones meets it: their images may have a spectral
/// axis. Case is forgiven where only one band can be meant. kNotFound names the bands there are;
/// kNoCoverage the interval and the bands with theirs.
Result<std::vector<Band>> bands_of(const Survey& survey, const CutoutRequest& request);

/// Makes the choice plain in the request: the survey's own spelling, and names in the place of
/// wavelengths, so that whoever comes after sees bands that were asked for. Errors as above.
Status settle_bands(const Survey& survey, CutoutRequest& request);

}  // namespace recorte::cutout
