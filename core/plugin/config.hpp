/// What the opaque recorte_config of the ABI is: a JSON document, its values handed out as text
/// that lives as long as it does.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "sdk/include/recorte/abi.h"

#include <nlohmann/json.hpp>

#include <map>
#include <mutex>
#include <string>

struct recorte_config {
  explicit recorte_config(nlohmann::json document) : document(std::move(document)) {}

  /// The value at a JSON pointer as recorte_host.config_get describes it; nullptr when absent.
  /// [any]
  const std::string* find(const char* pointer) const;

  const nlohmann::json document;

 private:
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::string> text_;
};
