// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/fill.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace recorte::page {
namespace {

using nlohmann::json;

/// The objects whose members are in reach.
struct Scope {
  const json& data;
  const Scope* outer;

  const json& at(const std::string& name) const {
    for (const auto* scope = this; scope; scope = scope->outer)
      if (const auto found = scope->data.find(name); found != scope->data.end()) return *found;
    throw std::logic_error("the page asks for " + name + ", which its data lacks");
  }
};

std::string_view take_until(std::string_view& text, const std::string& mark) {
  const auto at = text.find(mark);
  if (at == text.npos) throw std::logic_error("the page lacks a " + mark);
  const auto out = text.substr(0, at);
  text.remove_prefix(at + mark.size());
  return out;
}

void fill(std::string& out, std::string_view html, const Scope& scope) {
  for (auto gap = html.find("{{"); gap != html.npos; gap = html.find("{{")) {
    out += html.substr(0, gap);
    html.remove_prefix(gap + 2);
    const std::string name(take_until(html, "}}"));
    if (!name.starts_with('#')) {
      out += escape(scope.at(name).get_ref<const std::string&>());
      continue;
    }
    const auto inside = take_until(html, "{{/" + name.substr(1) + "}}");
    const auto& value = scope.at(name.substr(1));
    if (value.is_array())
      for (const auto& element : value) fill(out, inside, {element, &scope});
    else if (value.is_object())
      fill(out, inside, {value, &scope});
    else if (!value.is_null() && value.get<bool>())
      fill(out, inside, scope);
  }
  out += html;
}

}  // namespace

std::string fill(std::string_view html, const json& data) {
  std::string out;
  fill(out, html, Scope{data, nullptr});
  return out;
}

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  return out;
}

}  // namespace recorte::page
