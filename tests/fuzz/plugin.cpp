// SPDX-License-Identifier: BSD-3-Clause
//
// Plugins before a line of them has run: manifests, the ELF files that hold them, schemas and
// versions. A manifest that is read has a label that names a file, and its text reads the same.
#include "core/plugin/manifest.hpp"
#include "core/plugin/schema.hpp"
#include "core/plugin/version.hpp"
#include "memory_file.hpp"

#include <nlohmann/json.hpp>

namespace recorte::fuzz {
namespace {

void check_schema(const std::string& text) {
  const auto schema = plugin::Schema::parse(text);
  if (!schema) return;
  require(schema->defaults().is_object(), "defaults are an object");
  require(schema->properties().is_object(), "properties are an object");
  (void)schema->misfits(schema->defaults());
  (void)schema->validate({{"Q", 8}, {"rgb", {"g", "r"}}});
}

void check(const plugin::Manifest& manifest) {
  require(!manifest.id.empty() && manifest.id.find_first_of("/. \n") == manifest.id.npos,
          "an id names a file");
  const auto version = plugin::parse_version(manifest.version);
  require(version.has_value(), "a version is one: " + manifest.version);
  if (const auto range = plugin::VersionRange::parse("=" + manifest.version))
    require(range->contains(*version), "a version is itself");
  const auto again = plugin::parse_manifest(manifest.text);
  require(again && again->label() == manifest.label(), "a manifest reads back");
  check_schema(manifest.config_schema);
  check_schema(manifest.params_schema);
}

}  // namespace

void attempt(std::string_view input) {
  if (input.starts_with("\x7f"
                        "ELF")) {
    const MemoryFile file(input);
    if (const auto manifest = plugin::read_manifest(file.path())) check(*manifest);
    return;
  }
  if (const auto manifest = plugin::parse_manifest(input)) check(*manifest);
  check_schema(std::string(input));
}

}  // namespace recorte::fuzz
