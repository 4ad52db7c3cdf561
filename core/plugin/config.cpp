// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/config.hpp"

const std::string* recorte_config::find(const char* pointer) const {
  if (pointer == nullptr) return nullptr;
  const std::lock_guard lock(mutex_);
  if (const auto known = text_.find(pointer); known != text_.end()) return &known->second;
  try {
    const nlohmann::json::json_pointer path(pointer);
    if (!document.contains(path)) return nullptr;
    const auto& value = document.at(path);
    auto text = value.is_string() ? value.get<std::string>() : value.dump();
    return &text_.emplace(pointer, std::move(text)).first->second;
  } catch (const nlohmann::json::exception&) {
    return nullptr;  // not a JSON pointer, so nothing is there
  }
}
