/// Validation of settings and parameters against a plugin's JSON Schema (draft 7, by valijson).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte::plugin {

/// A schema, read once and used for every request. Immutable; copies share.
class Schema {
 public:
  /// Accepts all.
  Schema();
  /// An empty text accepts all. kPlugin where it is no schema.
  static Result<Schema> parse(std::string_view text);

  /// kUsage names the JSON pointer, the value and what the schema wants. `where`, if given,
  /// receives the pointer to what is wrong.
  Status validate(const nlohmann::json& document, std::string* where = nullptr) const;
  /// All that is wrong, each with the pointer to it; what one holds is told, and not of it again.
  std::vector<std::pair<std::string, Error>> misfits(const nlohmann::json& document) const;
  /// The "default"s of its properties, as an object.
  const nlohmann::json& defaults() const;
  /// Its "properties", an object.
  const nlohmann::json& properties() const;

 private:
  struct Parsed;
  explicit Schema(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

/// The same of a text that is used once.
Status validate(const nlohmann::json& document, std::string_view schema,
                std::string* where = nullptr);

}  // namespace recorte::plugin
