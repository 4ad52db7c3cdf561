/// All that is wrong with a survey's file, before anybody asks for the survey.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/inspect/where.hpp"

#include <string>
#include <vector>

namespace recorte::inspect {

/// Each with file, line and remedy, in the order of the file; none where all is well. Of a file
/// that no complaint is about, the survey is opened by its adapter, as the server would.
std::vector<Error> check_file(const Where& where, const std::string& survey);

}  // namespace recorte::inspect
