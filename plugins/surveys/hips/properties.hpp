/// The file `properties` of a HiPS (IVOA HiPS 1.0, 4.4.1): lines of keyword = value.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <recorte/sdk.hpp>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>

class Properties {
 public:
  explicit Properties(const std::filesystem::path& file) : file_(file) {
    std::ifstream in(file);
    if (!in)
      throw recorte::Error(RECORTE_NOT_FOUND, "cannot read " + file.string() +
                                                  ": root must be the directory of a HiPS");
    for (std::string line; std::getline(in, line);) {
      const auto equals = line.find('=');
      if (line.starts_with('#') || equals == line.npos) continue;
      values_[trim(line.substr(0, equals))] = trim(line.substr(equals + 1));
    }
  }
  std::string text(const char* key, const std::string& fallback = "") const {
    const auto found = values_.find(key);
    return found == values_.end() ? fallback : found->second;
  }
  double number(const char* key, double fallback) const {
    const auto value = text(key);
    double out = fallback;
    std::from_chars(value.data(), value.data() + value.size(), out);
    return out;
  }
  int whole(const char* key, int fallback, int least, int most) const {
    const double value = number(key, fallback);
    if (!(value >= least && value <= most))
      refuse(key, "must be a number from " + std::to_string(least) + " to " + std::to_string(most));
    return static_cast<int>(value);
  }
  [[noreturn]] void refuse(const std::string& key, const std::string& why) const {
    throw recorte::Error(RECORTE_INVALID, file_.string() + ": " + key + " " + why);
  }

 private:
  static std::string trim(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r");
    return first == text.npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  }
  std::filesystem::path file_;
  std::map<std::string, std::string, std::less<>> values_;
};
