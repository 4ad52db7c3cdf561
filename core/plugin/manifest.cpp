// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/manifest.hpp"

#include "core/base/text.hpp"
#include "core/plugin/manifest_section.hpp"
#include "sdk/include/recorte/algorithm.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace recorte::plugin {
namespace {

using nlohmann::json;

bool digits(std::string_view text) {
  return !text.empty() && text.size() <= 9 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "1.2.3" with as many numbers as `parts`.
bool dotted_numbers(std::string_view text, std::size_t parts) {
  const auto fields = split(text, '.');
  return fields.size() == parts && std::ranges::all_of(fields, digits) &&
         text.find(' ') == std::string_view::npos;
}

bool good_id(std::string_view id) {
  constexpr std::string_view kFirst = "abcdefghijklmnopqrstuvwxyz";
  return !id.empty() && id.size() <= 64 && kFirst.find(id[0]) != std::string_view::npos &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

/// Takes members out of the document and remembers the first complaint.
class Members {
 public:
  explicit Members(const json& document) : document_(document) {}

  std::string text(const char* name) {
    const auto found = document_.find(name);
    if (found == document_.end()) return complain(name, "is missing"), "";
    if (!found->is_string() || found->get_ref<const std::string&>().empty())
      return complain(name, "must be a text, not " + found->dump()), "";
    return found->get<std::string>();
  }
  std::vector<std::string> texts(const char* name, bool required) {
    std::vector<std::string> out;
    const auto found = document_.find(name);
    if (found == document_.end() && !required) return out;
    if (found == document_.end() || !found->is_array() || found->empty() ||
        !std::ranges::all_of(*found, [](const json& item) { return item.is_string(); }))
      return complain(name, "must be a list of texts, with at least one"), out;
    return found->get<std::vector<std::string>>();
  }
  std::string object(const char* name) {
    const auto found = document_.find(name);
    if (found == document_.end()) return "";
    if (!found->is_object()) complain(name, "must be a JSON Schema, an object");
    return found->dump();
  }
  bool flag(const char* name) {
    const auto found = document_.find(name);
    if (found == document_.end()) return false;
    require(found->is_boolean(), name, "must be true or false");
    return found->is_boolean() && found->get<bool>();
  }
  /// "survey": what an adapter brings for the survey's file.
  void survey(Manifest& out) {
    const auto found = document_.find("survey");
    if (found == document_.end()) return;
    if (!found->is_object() || !out.provides(RECORTE_SURVEY_V1))
      return complain("survey", "must be an object, of a plugin that provides a survey");
    for (const auto& [key, value] : found->items()) {
      if (key == "indexed" && value.is_boolean()) {
        out.indexed = value.get<bool>();
      } else if (key == "defaults") {
        out.defaults = survey_file(value);
      } else if (key == "releases" && value.is_object()) {
        for (const auto& [release, file] : value.items()) out.releases[release] = survey_file(file);
      } else {
        complain("survey",
                 "has \"indexed\" (true or false), \"defaults\" and \"releases\" (objects), "
                 "and not \"" +
                     key + "\": " + value.dump());
      }
    }
  }
  void require(bool good, const char* name, const std::string& what) {
    if (!good) complain(name, what);
  }
  const std::string& complaint() const { return complaint_; }

 private:
  /// An object like a survey's file, without what is the admin's alone to say.
  std::string survey_file(const json& file) {
    if (!file.is_object())
      return complain("survey", "has no object where it has " + file.dump()), "";
    const auto section = file.value("survey", json::object());
    for (const auto& [key, value] : file.items())
      if (key == "access" || key == "plugins" || !value.is_object())
        complain("survey",
                 "may hold sections of a survey's file other than [access] and [plugins], not \"" +
                     key + "\"");
    for (const auto* key : {"id", "plugin", "root", "index", "access_group", "public_after"})
      if (section.contains(key))
        complain("survey",
                 "has a default for \"" + std::string(key) + "\", which the admin alone can know");
    return file.dump();
  }
  void complain(const char* name, const std::string& what) {
    if (complaint_.empty()) complaint_ = std::string("\"") + name + "\" " + what;
  }
  const json& document_;
  std::string complaint_;
};

}  // namespace

bool Manifest::provides(std::string_view interface) const {
  return std::ranges::find(interfaces, interface) != interfaces.end();
}

Result<Manifest> parse_manifest(std::string_view text) {
  json document;
  try {
    document = json::parse(text);
  } catch (const json::exception& e) {
    const std::string_view what = e.what();  // after "[json.exception.…] "
    return fail(ErrorCode::kPlugin,
                "the manifest is no JSON: " + std::string(what.substr(what.find(']') + 2)));
  }
  if (!document.is_object()) return fail(ErrorCode::kPlugin, "the manifest is no JSON object");
  Members members(document);
  Manifest out;
  out.id = members.text("id");
  members.require(good_id(out.id), "id",
                  "must be lower-case letters, digits, - and _, not \"" + out.id + "\"");
  out.name = members.text("name");
  out.version = members.text("version");
  members.require(dotted_numbers(out.version, 3), "version",
                  "must be like \"1.2.3\", not \"" + out.version + "\"");
  out.licence = members.text("license");
  const auto abi = members.text("abi");
  const bool good_abi = dotted_numbers(abi, 2);
  members.require(good_abi, "abi", "must be like \"1.0\", not \"" + abi + "\"");
  if (good_abi) {
    const auto numbers = split(abi, '.');
    out.abi_major = static_cast<int>(*to_int(numbers[0]));
    out.abi_minor = static_cast<int>(*to_int(numbers[1]));
  }
  out.interfaces = members.texts("interfaces", true);
  out.formats = members.texts("formats", out.provides(RECORTE_ALGORITHM_V1));
  out.combines = members.flag("combines");
  out.as_stored = members.flag("as_stored");
  members.survey(out);
  out.config_schema = members.object("config_schema");
  out.params_schema = members.object("params_schema");
  if (!members.complaint().empty())
    return fail(ErrorCode::kPlugin, "in the manifest, " + members.complaint());
  out.text = text;
  return out;
}

Result<Manifest> read_manifest(const std::filesystem::path& file) {
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::kPlugin, file.string() + ": " + why);
  };
  auto section = read_section(file, RECORTE_MANIFEST_SECTION);
  if (!section) return fail(std::move(section).error());
  if (!*section)
    return refuse(
        "it has no manifest: it is no Recorte plugin, or not built with "
        "recorte_add_plugin()");
  auto manifest = parse_manifest(**section);
  if (!manifest) return refuse(manifest.error().message);
  if (manifest->abi_major != RECORTE_ABI_MAJOR || manifest->abi_minor > RECORTE_ABI_MINOR)
    return refuse("the plugin speaks ABI " + std::to_string(manifest->abi_major) + "." +
                  std::to_string(manifest->abi_minor) + " and this host " +
                  std::to_string(RECORTE_ABI_MAJOR) + "." + std::to_string(RECORTE_ABI_MINOR) +
                  (manifest->abi_major == RECORTE_ABI_MAJOR
                       ? ": upgrade Recorte, or build it for this version"
                       : ": rebuild it with the SDK of this host"));
  if (!manifest->provides(RECORTE_SURVEY_V1) && !manifest->provides(RECORTE_ALGORITHM_V1))
    return refuse("the plugin provides " + join(manifest->interfaces, ", ") +
                  ", of which this host knows none");
  return manifest;
}

}  // namespace recorte::plugin
