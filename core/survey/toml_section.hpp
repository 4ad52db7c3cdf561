/// One table of a configuration document, read key by key: each reader checks the kind, and
/// finish() complains of what nobody asked for.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/complaints.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::survey {

class Section {
 public:
  /// `name` as "survey" or "colour.lupton"; absent tables read as empty.
  Section(config::Complaints& complaints, const std::string& name);

  bool present() const { return table_ != nullptr; }
  const nlohmann::json* value(const std::string& key);
  void text(const std::string& key, std::string& out);
  void number(const std::string& key, std::optional<double>& out);
  void boolean(const std::string& key, bool& out);
  /// Text that `parse` turns into a value; its complaint gets file and line.
  template <class T>
  void parsed(const std::string& key, const std::function<Result<T>(std::string_view)>& parse,
              std::optional<T>& out) {
    std::string raw;
    text(key, raw);
    if (raw.empty()) return;
    auto value = parse(raw);
    if (value) {
      out = *value;
    } else {
      complain(key, value.error().message);
    }
  }
  /// Every key with its text value, for tables whose keys are the admin's own.
  std::vector<std::pair<std::string, std::string>> texts();

  /// Whether the file itself does not say it.
  bool is_default(const std::string& key) const;
  void complain(const std::string& key, const std::string& sentence);
  /// Complains of each key that was not asked for.
  void finish();

 private:
  config::Complaints& complaints_;
  std::string name_, pointer_;
  const nlohmann::json* table_ = nullptr;
  std::vector<std::string> known_;
};

/// Complains of each key of `table` that is not known, with the nearest one that is.
void refuse_unknown(config::Complaints& complaints, const nlohmann::json& table,
                    const std::string& pointer, const std::string& where,
                    const std::vector<std::string>& known);

}  // namespace recorte::survey
