/// Validation of settings and parameters against a plugin's JSON Schema (draft 7, by valijson).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace recorte::plugin {

/// kUsage names the JSON pointer, the value and what the schema wants. An empty schema accepts all.
/// `where`, if given, receives the pointer to what is wrong.
Status validate(const nlohmann::json& document, std::string_view schema,
                std::string* where = nullptr);
/// The "default"s of a schema's properties, as an object.
nlohmann::json defaults(std::string_view schema);

}  // namespace recorte::plugin
