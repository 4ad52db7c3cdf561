// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/toml_section.hpp"

#include "core/base/text.hpp"

#include <algorithm>

namespace recorte::survey {

Section::Section(config::Complaints& complaints, const std::string& name)
    : complaints_(complaints), name_(name) {
  const auto* at = complaints.document().value.get();
  for (const auto& step : split(name, '.')) {
    pointer_ += config::pointer_step(step);
    const auto found = at->find(step);
    if (found == at->end()) return;
    at = &*found;
    if (!at->is_object()) {
      complaints_.add(pointer_, "'" + name + "' is a table; write [" + name + "]");
      return;
    }
  }
  table_ = at;
}

const nlohmann::json* Section::value(const std::string& key) {
  known_.push_back(key);
  if (!table_) return nullptr;
  const auto found = table_->find(key);
  return found == table_->end() ? nullptr : &*found;
}

void Section::text(const std::string& key, std::string& out) {
  const auto* found = value(key);
  if (!found) return;
  if (found->is_string()) {
    out = found->get<std::string>();
  } else {
    complain(key, "'" + key + "' is text; write " + key + " = \"" + found->dump() + "\"");
  }
}

void Section::number(const std::string& key, std::optional<double>& out) {
  const auto* found = value(key);
  if (!found) return;
  if (found->is_number()) {
    out = found->get<double>();
  } else {
    complain(key, "'" + key + "' is a number without quotes, not " + found->dump());
  }
}

void Section::boolean(const std::string& key, bool& out) {
  const auto* found = value(key);
  if (!found) return;
  if (found->is_boolean()) {
    out = found->get<bool>();
  } else {
    complain(key, "'" + key + "' is true or false, without quotes, not " + found->dump());
  }
}

std::vector<std::pair<std::string, std::string>> Section::texts() {
  std::vector<std::pair<std::string, std::string>> out;
  if (!table_) return out;
  for (const auto& [key, unused] : table_->items()) {
    out.emplace_back(key, "");
    text(key, out.back().second);
  }
  return out;
}

bool Section::is_default(const std::string& key) const {
  return complaints_.document().is_default(pointer_ + config::pointer_step(key));
}

void Section::complain(const std::string& key, const std::string& sentence) {
  complaints_.add(pointer_ + config::pointer_step(key), sentence);
}

void Section::finish() {
  if (table_) refuse_unknown(complaints_, *table_, pointer_, "[" + name_ + "]", known_);
}

void refuse_unknown(config::Complaints& complaints, const nlohmann::json& table,
                    const std::string& pointer, const std::string& where,
                    const std::vector<std::string>& known) {
  for (const auto& [key, unused] : table.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    auto sentence = "unknown key '" + key + "' in " + where;
    const auto near = did_you_mean(key, known);
    sentence +=
        near.empty() ? "; known are " + join(known, ", ") : "; did you mean '" + near + "'?";
    complaints.add(pointer + config::pointer_step(key), sentence);
  }
}

}  // namespace recorte::survey
