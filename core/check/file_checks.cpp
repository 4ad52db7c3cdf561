// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/check/checks.hpp"
#include "core/plugin/exports.hpp"
#include "core/plugin/probe.hpp"
#include "core/plugin/schema.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace recorte::check {
namespace {

using nlohmann::json;

Verdict exports_its_entry_alone(Subject& subject) {
  const auto symbols = plugin::exported_symbols(subject.file());
  if (!symbols) return not_ok(symbols.error().message);
  std::vector<std::string> others;
  bool entry = false;
  for (const auto& symbol : *symbols) {
    if (symbol == RECORTE_ENTRY_SYMBOL)
      entry = true;
    else if (others.size() < 5)
      others.push_back(symbol);
  }
  if (!entry)
    return not_ok("it exports no " RECORTE_ENTRY_SYMBOL
                  ": end it with RECORTE_PLUGIN(…), and build it with recorte_add_plugin()");
  if (!others.empty())
    return not_ok("it exports more than its entry, which other plugins would share: " +
                  join(others, ", ") + "; build it with recorte_add_plugin()");
  return ok();
}

/// Whether a schema can be read, and accepts its own defaults.
std::string wrong_with(const char* name, const std::string& text) {
  const auto schema = plugin::Schema::parse(text);
  if (!schema) return std::string(name) + ": " + schema.error().message;
  for (const auto& [property, value] : schema->defaults().items()) {
    const json rules{{"properties", {{property, schema->properties().at(property)}}}};
    if (const auto valid = plugin::validate({{property, value}}, rules.dump()); !valid)
      return std::string(name) + ": its own default is refused: " + valid.error().message;
  }
  return "";
}

Verdict has_good_schemas(Subject& subject) {
  const auto& manifest = subject.manifest();
  for (const auto& wrong : {wrong_with("config_schema", manifest.config_schema),
                            wrong_with("params_schema", manifest.params_schema)})
    if (!wrong.empty()) return not_ok(wrong);
  return ok();
}

Verdict loads(Subject& subject) {
  plugin::ProbeOptions options;
  options.program = program_directory() / "recorte-worker";
  if (const auto probed = plugin::probe(subject.file(), options); !probed)
    return not_ok(probed.error().message);
  return ok();
}

}  // namespace

std::span<const Check> file_checks() {
  static constexpr std::array kChecks{
      Check{"its schemas are valid, and accept their own defaults", has_good_schemas},
      Check{"it exports " RECORTE_ENTRY_SYMBOL " and nothing else", exports_its_entry_alone},
      Check{"it loads, and its tables are whole", loads}};
  return kChecks;
}

}  // namespace recorte::check
