// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/schema.hpp"

#include "core/base/text.hpp"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <optional>

namespace recorte::plugin {
namespace {

using nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

constexpr std::size_t kLongestQuote = 200;

std::string quote(const json& value) {
  auto text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > kLongestQuote) text = text.substr(0, kLongestQuote) + "…";
  return text;
}

/// valijson's path, "<root>" "[bands]" "[g]", as a JSON pointer.
json::json_pointer pointer_of(const std::vector<std::string>& context) {
  json::json_pointer out;
  for (const auto& step : context)
    if (step.size() > 2 && step.front() == '[') out /= step.substr(1, step.size() - 2);
  return out;
}

/// What the schema says of the value at `pointer`, as far as properties and items lead there.
const json* rule_of(const json& schema, json::json_pointer pointer) {
  std::vector<std::string> steps;
  for (; !pointer.empty(); pointer.pop_back()) steps.push_back(pointer.back());
  const json* rule = &schema;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (rule->contains("properties") && rule->at("properties").contains(*step))
      rule = &rule->at("properties").at(*step);
    else if (rule->contains("additionalProperties") && rule->at("additionalProperties").is_object())
      rule = &rule->at("additionalProperties");
    else if (rule->contains("items") && rule->at("items").is_object())
      rule = &rule->at("items");
    else
      return nullptr;
  }
  return rule;
}

/// The rule without what is for people.
std::string wanted(json rule) {
  for (const auto* key : {"title", "description", "default", "examples"}) rule.erase(key);
  return quote(rule);
}

/// Of "… constraints: 'NAME'", the name; with those that the rule knows.
std::string unknown_name(std::string_view said, const json* rule) {
  const auto begin = said.find_last_of('\'', said.size() - 2) + 1;
  std::string out(said.substr(begin, said.size() - begin - 1));
  if (rule == nullptr || !rule->contains("properties")) return out;
  std::vector<std::string> known;
  for (const auto& [name, value] : rule->at("properties").items()) known.push_back(name);
  const auto near = did_you_mean(out, known);
  if (!near.empty()) out += " (did you mean " + near + "?)";
  return known.empty() ? out : out + "; there is: " + join(known, ", ");
}

Error broken(std::string_view why) {
  return {ErrorCode::kPlugin, "the plugin's schema is broken: " + std::string(why)};
}

/// Whether it is about a member that the schema does not know.
bool is_unknown(const valijson::ValidationResults::Error& error) {
  return error.description.find("'additionalProperties'") != std::string::npos;
}

/// Sets `where` to the JSON pointer of what is wrong.
Error describe(const valijson::ValidationResults::Error& error, const json& document,
               const json& schema, std::string& where) {
  const auto pointer = pointer_of(error.context);
  where = pointer.to_string();
  const auto* rule = rule_of(schema, pointer);
  std::string said = error.description;
  if (said.ends_with('.')) said.pop_back();
  if (is_unknown(error)) {
    const auto setting = where + "/" + unknown_name(said, rule);
    where = setting.substr(0, setting.find_first_of(" ;"));
    return {ErrorCode::kUsage, "there is no setting " + setting};
  }
  if (said.starts_with("Missing"))
    return {ErrorCode::kUsage, (where.empty() ? "the settings" : where) + ": " + said};
  std::string message = where;
  if (document.contains(pointer))
    message += (where.empty() ? "" : " is ") + quote(document[pointer]);
  message += ": " + said;
  if (rule != nullptr && rule->is_object()) message += "; it must meet " + wanted(*rule);
  return {ErrorCode::kUsage, std::move(message)};
}

}  // namespace

struct Schema::Parsed {
  json rules = true;
  json properties = json::object(), defaults = json::object();
  std::optional<valijson::Schema> schema;  // none: accepts all
};

Schema::Schema() : parsed_(std::make_shared<const Parsed>()) {}

Result<Schema> Schema::parse(std::string_view text) {
  if (text.empty()) return Schema();
  auto parsed = std::make_shared<Parsed>();
  parsed->rules = json::parse(text, nullptr, false);
  const auto& rules = parsed->rules;
  if (rules.is_discarded()) return fail(broken("it is no JSON"));
  try {
    valijson::SchemaParser().populateSchema(NlohmannJsonAdapter(rules), parsed->schema.emplace());
  } catch (const std::exception& e) {
    return fail(broken(e.what()));
  }
  if (rules.is_object() && rules.contains("properties") && rules["properties"].is_object())
    parsed->properties = rules["properties"];
  for (const auto& [name, rule] : parsed->properties.items())
    if (rule.is_object() && rule.contains("default")) parsed->defaults[name] = rule["default"];
  return Schema(std::move(parsed));
}

std::vector<std::pair<std::string, Error>> Schema::misfits(const json& document) const {
  if (!parsed_->schema) return {};
  std::vector<std::pair<std::string, Error>> out;
  try {
    valijson::ValidationResults results;
    if (valijson::Validator().validate(*parsed_->schema, NlohmannJsonAdapter(document), &results))
      return {};
    // The innermost come first: they name the values that are wrong; what holds these is not.
    std::vector<std::string> places;
    valijson::ValidationResults::Error each;
    while (results.popError(each)) {
      const auto place = pointer_of(each.context).to_string();
      const bool told = std::ranges::any_of(places, [&](const std::string& inner) {
        return inner == place || inner.starts_with(place + "/");
      });
      if (told && !is_unknown(each)) continue;
      places.push_back(place);
      std::string pointer;
      auto error = describe(each, document, parsed_->rules, pointer);
      out.emplace_back(std::move(pointer), std::move(error));
    }
    if (out.empty()) out.emplace_back("", Error{ErrorCode::kUsage, "refused by the schema"});
  } catch (const std::exception& e) {
    out.emplace_back("", broken(e.what()));
  }
  return out;
}

Status Schema::validate(const json& document, std::string* where) const {
  auto wrong = misfits(document);
  if (wrong.empty()) return {};
  if (where) *where = wrong.front().first;
  return fail(std::move(wrong.front().second));
}

const json& Schema::defaults() const { return parsed_->defaults; }
const json& Schema::properties() const { return parsed_->properties; }

Status validate(const json& document, std::string_view schema, std::string* where) {
  const auto parsed = Schema::parse(schema);
  return parsed ? parsed->validate(document, where) : Status(fail(parsed.error()));
}

}  // namespace recorte::plugin
