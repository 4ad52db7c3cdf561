/// What recorte_config is in the fake host: a JSON text as its values by JSON pointer.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../detail/core.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace recorte::testkit {

/// Strings are unquoted, other values as compact JSON; throws std::logic_error where it is no JSON.
class Settings {
 public:
  explicit Settings(std::string_view json) : rest_(json) {
    value("");
    blanks();
    if (!rest_.empty()) wrong("the end");
    rest_ = {};
  }

  const std::string* find(const std::string& pointer) const {
    const auto found = values_.find(pointer);
    return found == values_.end() ? nullptr : &found->second;
  }
  bool has(const std::string& pointer) const { return find(pointer) != nullptr; }
  /// Takes what `other` has at and under `from` to `to`.
  void take(const Settings& other, const std::string& from, const std::string& to) {
    for (const auto& [pointer, text] : other.values_)
      if (pointer == from || pointer.starts_with(from + "/"))
        values_[to + pointer.substr(from.size())] = text;
  }
  /// The members of the object at `pointer`.
  std::vector<std::string> members(const std::string& pointer) const {
    std::vector<std::string> out;
    for (const auto& [key, text] : values_)
      if (key.starts_with(pointer + "/") && key.find('/', pointer.size() + 1) == key.npos)
        out.push_back(key.substr(pointer.size() + 1));
    return out;
  }

  const recorte_config* raw() const { return reinterpret_cast<const recorte_config*>(this); }
  static const Settings& of(const recorte_config* raw) {
    return *reinterpret_cast<const Settings*>(raw);
  }

 private:
  [[noreturn]] void wrong(const char* wanted) const {
    throw std::logic_error(std::string("the JSON of a test wants ") + wanted +
                           " before: " + std::string(rest_.substr(0, 40)));
  }
  void blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
  bool take(char c) {
    blanks();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(char c) {
    const char text[] = {c, '\0'};
    if (!take(c)) wrong(text);
  }

  /// Reads one value, notes it under the pointer, and returns its compact JSON.
  std::string value(const std::string& pointer) {
    blanks();
    std::string json;
    if (rest_.starts_with('"')) {
      std::string text;
      json = string(text);
      values_[pointer] = text;
      return json;
    }
    if (take('{')) {
      json = "{";
      if (!take('}')) {
        do {
          blanks();
          std::string key;
          json += (json.size() > 1 ? "," : "") + string(key) + ":";
          need(':');
          json += value(pointer + "/" + step(key));
        } while (take(','));
        need('}');
      }
      json += "}";
    } else if (take('[')) {
      json = "[";
      if (!take(']')) {
        std::size_t i = 0;
        do json += (i ? "," : "") + value(pointer + "/" + std::to_string(i));
        while (++i, take(','));
        need(']');
      }
      json += "]";
    } else {
      const auto end = std::min(rest_.find_first_of(" \t\r\n,]}"), rest_.size());
      if (end == 0) wrong("a value");
      json = rest_.substr(0, end);
      rest_.remove_prefix(end);
    }
    values_[pointer] = json;
    return json;
  }

  /// Reads a string into `out`; returns it as it was written.
  std::string string(std::string& out) {
    if (!rest_.starts_with('"')) wrong("a string");
    std::size_t i = 1;
    for (; i < rest_.size() && rest_[i] != '"'; ++i) {
      if (rest_[i] != '\\') {
        out += rest_[i];
        continue;
      }
      if (++i == rest_.size()) break;
      constexpr std::string_view kNames = "bfnrt", kMeans = "\b\f\n\r\t";
      const char c = rest_[i];
      if (const auto at = kNames.find(c); at != kNames.npos)
        out += kMeans[at];
      else if (c == 'u' && i + 4 < rest_.size())
        utf8(std::stoul(std::string(rest_.substr(i + 1, 4)), nullptr, 16), out), i += 4;
      else
        out += c;
    }
    if (i >= rest_.size()) wrong("the end of a string");
    std::string written(rest_.substr(0, i + 1));
    rest_.remove_prefix(i + 1);
    return written;
  }
  static void utf8(unsigned long code, std::string& out) {
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else {
      if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6);
      } else {
        out += static_cast<char>(0xE0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
      }
      out += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  /// A key as a step of a JSON pointer.
  static std::string step(std::string_view key) {
    std::string out;
    for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
  }

  std::string_view rest_;
  std::map<std::string, std::string> values_;
};

}  // namespace recorte::testkit
