// SPDX-License-Identifier: BSD-3-Clause
#include "server/admin/members.hpp"

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace recorte::admin {
namespace {

using nlohmann::json;

std::string names(const Members::Known& known) {
  std::vector<std::string> out;
  for (const auto& [name, kind] : known) out.push_back(name);
  return join(out, ", ");
}

bool is_list(const json& value) {
  return value.is_array() &&
         std::ranges::all_of(value, [](const json& each) { return each.is_string(); });
}

template <class Map>
auto at(const Map& map, std::string_view name) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(name);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

}  // namespace

Result<Members> Members::read(const http::Request& request, const Known& known) {
  const auto body =
      trim(request.body).empty() ? json::object() : json::parse(request.body, nullptr, false);
  if (!body.is_object())
    return fail(ErrorCode::kUsage, "the body is no JSON object; its members are " + names(known));
  Members out;
  for (const auto& [name, value] : body.items()) {
    const auto kind = known.find(name);
    if (kind == known.end())
      return fail(ErrorCode::kUsage,
                  "unknown member '" + good_utf8(name.substr(0, 60)) + "'; use " + names(known));
    if (value.is_null()) continue;
    if (kind->second == Kind::kText && value.is_string())
      out.texts_.emplace(name, value.get<std::string>());
    else if (kind->second == Kind::kFlag && value.is_boolean())
      out.flags_.emplace(name, value.get<bool>());
    else if (kind->second == Kind::kList && is_list(value))
      out.lists_.emplace(name, value.get<std::vector<std::string>>());
    else
      return fail(ErrorCode::kUsage, "'" + name + "' is no " +
                                         (kind->second == Kind::kText   ? "text"
                                          : kind->second == Kind::kFlag ? "true or false"
                                                                        : "list of texts"));
  }
  return out;
}

std::optional<std::string> Members::text(std::string_view name) const { return at(texts_, name); }
std::optional<bool> Members::flag(std::string_view name) const { return at(flags_, name); }
std::optional<std::vector<std::string>> Members::list(std::string_view name) const {
  return at(lists_, name);
}

Result<std::string> Members::needed(std::string_view name) const {
  auto out = text(name).value_or("");
  if (out.empty()) return fail(ErrorCode::kUsage, "the body has no '" + std::string(name) + "'");
  return out;
}

}  // namespace recorte::admin
