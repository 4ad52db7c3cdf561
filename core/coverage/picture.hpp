/// A picture of what a survey covers: the whole sky, or the part where it lies, with a grid of
/// right ascension and declination; the brighter, the more bands. Below it, areas in words.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/coverage/coverage.hpp"

#include <string>

namespace recorte::coverage {

/// The bytes of a PNG. kUnavailable where the font is missing.
Result<std::string> coverage_picture(const SurveyCoverage& coverage, const std::string& name);

}  // namespace recorte::coverage
