// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/pins.hpp"

#include <nlohmann/json.hpp>

namespace recorte::plugin {

Result<Pins> Pins::parse(const nlohmann::json& document, std::string* where) {
  Pins out;
  const auto section = document.find(kPinsSection);
  if (section == document.end()) return out;
  const std::string at = std::string("/") + kPinsSection;
  const auto wrong = [&](const std::string& place, const std::string& sentence) {
    if (where != nullptr) *where = place;
    return fail(ErrorCode::kUsage, sentence);
  };
  if (!section->is_object())
    return wrong(at,
                 "'plugins' is a section of versions; write [plugins] and, below it, "
                 "PLUGIN = \">=1.2,<2\"");
  for (const auto& [id, value] : section->items()) {
    const auto place = at + "/" + id;
    if (!value.is_string())
      return wrong(place, "the version of " + id + " is text, between quotes, not " + value.dump());
    auto range = VersionRange::parse(value.get_ref<const std::string&>());
    if (!range) return wrong(place, id + ": " + range.error().message);
    out.ranges_.emplace(id, *std::move(range));
  }
  return out;
}

const VersionRange* Pins::of(std::string_view id) const {
  const auto found = ranges_.find(id);
  return found == ranges_.end() ? nullptr : &found->second;
}

}  // namespace recorte::plugin
