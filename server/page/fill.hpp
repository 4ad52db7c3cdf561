/// HTML with gaps, filled from JSON. A page that is HTML in a file, rather than strings in
/// functions, can be read, checked and changed as the HTML it is; and as the only way to put text
/// into it escapes, nothing that a user or a survey says can become markup.
///
///     {{name}}              the string of that name
///     {{#name}}…{{/name}}   once for each object of a list, with its members in reach; once for an
///                           object or true; not for null or false
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace recorte::page {

/// Names are looked for in the innermost object first. Strict: std::logic_error for a name that the
/// data lacks, for one of another type, and for a gap that is not closed.
std::string fill(std::string_view html, const nlohmann::json& data);

/// As text or as the value of a quoted attribute.
std::string escape(std::string_view text);

}  // namespace recorte::page
