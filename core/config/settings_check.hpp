/// What is wrong with a server's configuration.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/document.hpp"

#include <vector>

namespace recorte::config {

/// All of it, in the order of the file; each with file, line and remedy. read_settings() gives the
/// first of them.
std::vector<Error> settings_complaints(const Document& document);

}  // namespace recorte::config
