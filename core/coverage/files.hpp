/// The files that are kept of a survey's coverage, written.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/coverage/coverage.hpp"
#include "core/coverage/places.hpp"

namespace recorte::coverage {

/// Each file is the old one or the new, whenever one looks.
Status write_files(const std::filesystem::path& directory, const SurveyCoverage& coverage,
                   const std::string& name);

}  // namespace recorte::coverage
