/// A request of the API out of its query: every name is one of the table of parameters, anything
/// else is refused with the nearest known.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/parameters.hpp"
#include "server/http/request.hpp"

#include <vector>

namespace recorte::api {

/// Empty values are those of a form's empty fields, and mean the default.
Result<cutout::RequestDraft> read_draft(const std::vector<http::Parameter>& parameters);
/// kUsage names the first parameter, where there is one: for what takes none.
Status takes_none(const std::vector<http::Parameter>& parameters);

}  // namespace recorte::api
