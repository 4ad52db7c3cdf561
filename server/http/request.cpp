// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/request.hpp"

#include "core/base/text.hpp"

namespace recorte::http {

void Headers::set(std::string_view name, std::string value) {
  std::erase_if(fields_, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
  fields_.emplace_back(name, std::move(value));
}

const std::string* Headers::find(std::string_view name) const {
  for (const auto& [key, value] : fields_)
    if (equal_ignoring_case(key, name)) return &value;
  return nullptr;
}

std::optional<std::string> Headers::joined(std::string_view name) const {
  std::optional<std::string> out;
  for (const auto& [key, value] : fields_)
    if (equal_ignoring_case(key, name)) out = out ? *out + ", " + value : value;
  return out;
}

const std::string* Request::parameter(std::string_view name) const {
  for (const auto& parameter : parameters)
    if (equal_ignoring_case(parameter.name, name)) return &parameter.value;
  return nullptr;
}

const std::string& Request::capture(std::string_view name) const {
  static const std::string none;
  for (const auto& [key, value] : captures)
    if (key == name) return value;
  return none;
}

}  // namespace recorte::http
