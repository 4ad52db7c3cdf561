// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/settings.hpp"

#include "core/base/io.hpp"
#include "core/base/size.hpp"
#include "core/base/text.hpp"
#include "core/config/complaints.hpp"
#include "core/config/document.hpp"
#include "core/config/settings_check.hpp"
#include "core/config/settings_misfit.hpp"
#include "core/config/settings_names.hpp"
#include "core/config/settings_table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace recorte::config {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kLongestSecret = 64 << 10;  // bytes of its file
constexpr std::string_view kSqlite = "sqlite:";

/// A value as the file has it, for complaints; long ones are cut short.
std::string shown(const json& value) {
  constexpr std::size_t kMost = 60;
  auto text = value.is_number_float() ? number_text(value.get<double>()) : value.dump();
  if (text.size() <= kMost) return text;
  auto end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;  // UTF-8
  return text.substr(0, end) + "…";
}

/// Walks the document and keeps every complaint.
class Reader {
 public:
  explicit Reader(const Document& document)
      : document_(document),
        base_(fs::absolute(document.path).parent_path()),
        complaints_(document) {}

  /// Complete where there is no complaint.
  Settings read() {
    settings_.data = resolved(settings_.data.string());
    settings_.surveys = resolved("surveys.d");
    read_table(*document_.value, "", "", "");
    check_bodies();
    // Else a value that was not taken may be what is missing.
    if (complaints_.empty()) check_sections();
    return std::move(settings_);
  }

  const Complaints& complaints() const { return complaints_; }

 private:
  /// `section` is as the table has it, `called` as the file does.
  void read_table(const json& table, const std::string& section, const std::string& called,
                  const std::string& pointer) {
    const auto inside = [](const std::string& outer, const std::string& name) {
      return outer.empty() ? name : outer + "." + name;
    };
    for (const auto& [name, value] : table.items()) {
      const auto at = pointer + pointer_step(name);
      auto inner = inside(section, name);
      const auto shown_inner = inside(called, name);
      if (const auto* key = find_key(section, name)) {
        read_value(*key, value, at);
        continue;
      }
      if (holds_sections(section)) {
        inner = section + std::string(kFreeName);
        free_name_ = name;
      }
      if (!is_section(inner) && !holds_sections(inner)) {
        const bool looks_a_section =
            value.is_object() || (value.is_array() && !value.empty() && value[0].is_object());
        complain(at, looks_a_section
                         ? "unknown section [" + shown_inner + "]; " + section_remedy(shown_inner)
                         : "unknown key '" + name + "' " + in_section(called) + "; " +
                               key_remedy(section, name));
      } else if (value.is_object()) {
        read_table(value, inner, shown_inner, at);
      } else {
        auto sentence = "'" + shown_inner + "' is a section, not " + shown(value);
        sentence += "; write [" + shown_inner + "] on a line of its own, once";
        complain(at, sentence);
      }
    }
  }

  void read_value(const Key& key, const json& value, const std::string& at) {
    switch (key.kind) {
      case Kind::kInteger:
        if (!value.is_number_integer()) return wrong_kind(key, "a whole number", value, at);
        return keep_integer(key, value.get<std::int64_t>(), value, at);
      case Kind::kSize: return read_size(key, value, at);
      case Kind::kLimit:
      case Kind::kSizeLimit: return read_limit(key, value, at);
      case Kind::kDuration: {
        if (!value.is_string()) return wrong_kind(key, "a duration, between quotes", value, at);
        const auto duration = parse_duration(value.get_ref<const std::string&>());
        if (!duration) return complain(at, key, duration.error().message);
        return keep_integer(key, *duration, value, at);
      }
      case Kind::kNumber: {
        if (!value.is_number()) return wrong_kind(key, "a number", value, at);
        const auto number = value.get<double>();
        if (!within(key, number, value, at)) return;
        key.in<double>(settings_, free_name_) = number;
        return;
      }
      case Kind::kBool:
        if (!value.is_boolean()) return wrong_kind(key, "true or false", value, at);
        key.in<bool>(settings_, free_name_) = value.get<bool>();
        return;
      case Kind::kText:
        if (const auto text = read_text(key, "text", value, value, at))
          key.in<std::string>(settings_, free_name_) = *text;
        return;
      case Kind::kTextOrSecret: return read_text_or_secret(key, value, at);
      case Kind::kPath:
        if (const auto text = read_text(key, "a path, between quotes", value, value, at))
          key.in<fs::path>(settings_, free_name_) = resolved(*text);
        return;
      case Kind::kTexts:
        read_list(key, "a list of texts", value, at,
                  key.in<std::vector<std::string>>(settings_, free_name_),
                  [](const std::string& text) { return text; });
        return;
      case Kind::kPaths:
        read_list(key, "a list of paths", value, at,
                  key.in<std::vector<fs::path>>(settings_, free_name_),
                  [this](const std::string& text) { return resolved(text); });
        return;
      case Kind::kSecret: return read_reference(key, value, at);
    }
  }

  /// A text that may stand here, or one from elsewhere, of which nothing is ever shown.
  void read_text_or_secret(const Key& key, const json& value, const std::string& at) {
    const auto elsewhere = [&](const char* name) -> const std::string* {
      if (!value.is_object() || value.size() != 1 || !value.contains(name)) return nullptr;
      return value[name].get_ptr<const std::string*>();
    };
    std::string text;
    if (value.is_string()) {
      text = value.get<std::string>();
      if (const auto checked = key.check(text); !checked)
        return complain(at, key, checked.error().message);
    } else if (const auto* variable = elsewhere("env")) {
      const char* found = std::getenv(variable->c_str());
      if (!found || !*found)
        return complain(at, key, "there is no environment variable " + *variable + "; set it");
      text = found;
    } else if (const auto* path = elsewhere("file")) {
      auto read = read_file(resolved(*path), kLongestSecret);
      if (!read) return complain(at, key, read.error().message);
      settings_.secret_files.push_back(resolved(*path));
      text = std::move(*read);
    } else {
      return complain(
          at, key,
          R"(this is neither a text nor { env = "NAME" } nor { file = "PATH" }; write )" +
              written(key));
    }
    if (trim(text).empty()) return complain(at, key, "there is nothing in what it names");
    key.in<std::string>(settings_, free_name_) = based(std::string(trim(text)));
  }
  /// A relative "sqlite:PATH" begins where the file stands.
  std::string based(const std::string& url) const {
    if (!url.starts_with(kSqlite) || url.size() == kSqlite.size()) return url;
    return std::string(kSqlite) + resolved(url.substr(kSqlite.size())).string();
  }

  /// What stands there instead may be a secret, and is not repeated.
  void read_reference(const Key& key, const json& value, const std::string& at) {
    const bool one = value.is_object() && value.size() == 1 && value.begin()->is_string() &&
                     !value.begin()->get_ref<const std::string&>().empty();
    const auto from = one ? value.begin().key() : "";
    if (from != "env" && from != "file")
      return complain(at, key,
                      "a secret does not stand in this file; write where it is, as " +
                          written(key) + ", or { file = \"PATH\" }");
    const auto& name = value.begin()->get_ref<const std::string&>();
    if (from == "file") settings_.secret_files.push_back(resolved(name));
    key.in<Secret>(settings_, free_name_) =
        from == "env" ? Secret{Secret::From::kEnvironment, name}
                      : Secret{Secret::From::kFile, resolved(name).string()};
  }

  void read_size(const Key& key, const json& value, const std::string& at) {
    if (value.is_number_integer()) return keep_integer(key, value.get<std::int64_t>(), value, at);
    if (!value.is_string())
      return wrong_kind(key, "a size, between quotes, or a whole number of bytes", value, at);
    const auto size = parse_size(value.get_ref<const std::string&>());
    if (!size) return complain(at, key, size.error().message);
    keep_integer(key, *size, value, at);
  }

  void read_limit(const Key& key, const json& value, const std::string& at) {
    auto& limit = key.in<std::optional<std::int64_t>>(settings_, free_name_);
    if (value == "unlimited") {
      limit = Settings::kUnlimited;
      return;
    }
    std::int64_t number = 0;
    if (value.is_number_integer()) {
      number = value.get<std::int64_t>();
    } else if (key.kind == Kind::kSizeLimit && value.is_string()) {
      const auto size = parse_size(value.get_ref<const std::string&>());
      if (!size) return complain(at, key, size.error().message + ", or as unlimited");
      number = *size;
    } else {
      return wrong_kind(key,
                        key.kind == Kind::kSizeLimit
                            ? "a size or \"unlimited\", between quotes, or a whole number of bytes"
                            : "a whole number, or \"unlimited\"",
                        value, at);
    }
    if (within(key, number, value, at)) limit = number;
  }

  template <class T, class Make>
  void read_list(const Key& key, std::string_view kind, const json& value, const std::string& at,
                 std::vector<T>& out, Make make) {
    if (!value.is_array()) return wrong_kind(key, kind, value, at);
    out.clear();
    for (std::size_t i = 0; i < value.size(); ++i)
      if (const auto text = read_text(key, kind, value, value[i], at + "/" + std::to_string(i)))
        out.push_back(make(*text));
  }

  /// One text, checked. `whole` is the value of the key, which `part` is or belongs to.
  std::optional<std::string> read_text(const Key& key, std::string_view kind, const json& whole,
                                       const json& part, const std::string& at) {
    if (!part.is_string()) {
      wrong_kind(key, kind, whole, at);
      return {};
    }
    const auto& text = part.get_ref<const std::string&>();
    const bool control =
        std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; });
    if (control || trim(text).empty()) {
      complain(at, key,
               std::string(control ? "there is a control character in " : "there is nothing in ") +
                   shown(part) + "; write " + written(key));
      return {};
    }
    if (!key.check) return text;
    auto checked = key.check(text);
    if (checked) return std::move(*checked);
    complain(at, key, checked.error().message);
    return {};
  }

  void keep_integer(const Key& key, std::int64_t number, const json& value, const std::string& at) {
    if (within(key, number, value, at)) key.in<std::int64_t>(settings_, free_name_) = number;
  }

  template <class T>
  bool within(const Key& key, T number, const json& value, const std::string& at) {
    if (number >= static_cast<T>(key.low) && number <= static_cast<T>(key.high)) return true;
    complain(at, key,
             shown(value) + " is out of bounds; write " +
                 number_toml(key.kind, static_cast<double>(key.low)) + " to " +
                 number_toml(key.kind, static_cast<double>(key.high)));
    return false;
  }

  /// What goes together.
  void check_sections() {
    for (const auto& misfit : oidc_misfits(settings_)) {
      std::string at;
      for (const auto& step : misfit.section) at += pointer_step(step);
      complain(at, misfit.sentence);
    }
    if (const auto wrong = complaint_about(settings_.ldap))
      complain("/auth/ldap/" + wrong->key, wrong->key + ": " + wrong->sentence);
  }

  /// A body that all bodies together may not be as large as could never be read.
  void check_bodies() {
    const auto& limits = settings_.limits;
    if (limits.body <= limits.bodies) return;
    const bool given = document_.value->contains("/server/limits/body"_json_pointer);
    const auto text = [](std::int64_t size) {
      return number_toml(Kind::kSize, static_cast<double>(size));
    };
    complain(given ? "/server/limits/body" : "/server/limits/bodies",
             "one body may have " + text(limits.body) + ", and all at once only " +
                 text(limits.bodies) + "; make 'bodies' at least as large as 'body'");
  }

  fs::path resolved(const std::string& text) const { return (base_ / text).lexically_normal(); }

  static std::string written(const Key& key) {
    return std::string(key.name) + " = " + std::string(key.example);
  }
  void wrong_kind(const Key& key, std::string_view kind, const json& value, const std::string& at) {
    complain(at, key,
             "this is " + std::string(kind) + ", not " + shown(value) + "; write " + written(key));
  }
  void complain(const std::string& at, const Key& key, const std::string& sentence) {
    complain(at, std::string(key.name) + ": " + sentence);
  }
  void complain(const std::string& at, const std::string& sentence) {
    complaints_.add(at, sentence);
  }

  const Document& document_;
  fs::path base_;
  Settings settings_;
  std::string free_name_;  ///< of the section being read, where it has one
  Complaints complaints_;
};

}  // namespace

Result<Settings> settings_of(const Document& document) {
  Reader reader(document);
  auto settings = reader.read();
  RECORTE_TRY(reader.complaints().first());
  return settings;
}

std::vector<Error> settings_complaints(const Document& document) {
  Reader reader(document);
  reader.read();
  return reader.complaints().all();
}

Result<Settings> read_settings(const fs::path& path) {
  const auto document = read_toml(path);
  if (!document) return fail(document.error());
  return settings_of(*document);
}

fs::path surveys_directory(const Settings& settings) {
  return settings.surveys.empty() ? settings.data / "surveys.d" : settings.surveys;
}

fs::path plugin_store(const Settings& settings) {
  return settings.plugins.store.empty() ? settings.data / "plugins" : settings.plugins.store;
}

fs::path results_directory(const Settings& settings) {
  const auto& results = settings.results;
  const bool given =
      !results.directory.empty() && results.directory.native().find('{') == std::string::npos;
  return given ? results.directory : settings.data / "jobs";
}

std::vector<fs::path> own_places(const Settings& settings) {
  auto out = settings.secret_files;
  out.insert(out.end(), {settings.data / "auth.key", results_directory(settings)});
  const std::string_view url = settings.database.url;
  if (!url.empty() && !url.starts_with(kSqlite)) return out;
  const auto file =
      url.empty() ? settings.data / "recorte.sqlite" : fs::path(url.substr(kSqlite.size()));
  for (const auto* ending : {"", "-wal", "-shm"}) out.push_back(file.string() + ending);
  return out;
}

fs::path admin_socket(const Settings& settings) {
  return settings.admin.socket.empty() ? settings.data / "admin.sock" : settings.admin.socket;
}

}  // namespace recorte::config
