// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/author/new_plugin.hpp"

#include "core/base/io.hpp"
#include "core/command/author/templates.hpp"
#include "sdk/include/recorte/abi.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

/// Names of targets that CMake makes itself.
constexpr std::array<std::string_view, 9> kTargets{
    "all", "clean", "edit_cache", "help", "install", "package", "rebuild", "test", "uninstall"};

Status good_name(std::string_view name) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto any = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (name.empty() || !letter(name.front()) || !std::ranges::all_of(name, any) || name.size() > 64)
    return fail(ErrorCode::kUsage,
                "a plugin cannot be called '" + std::string(name) +
                    "': take lower-case letters, digits, '-' and '_', a letter first, at most 64");
  if (std::ranges::find(kTargets, name) != kTargets.end())
    return fail(ErrorCode::kUsage, "a plugin cannot be called '" + std::string(name) +
                                       "': CMake has a target of that name; take another");
  return {};
}

/// "my-survey" with a separator "" is "MySurvey", with " " is "My Survey".
std::string words(std::string_view name, std::string_view separator) {
  std::string out;
  bool first = true;
  for (const char c : name) {
    if (c == '-' || c == '_') {
      first = true;
      continue;
    }
    if (first && !out.empty()) out += separator;
    out += first ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    first = false;
  }
  return out;
}

std::string filled(std::string_view text, const std::string& name) {
  const auto abi = std::to_string(RECORTE_ABI_MAJOR) + "." + std::to_string(RECORTE_TARGET_MINOR);
  const std::array<std::pair<std::string_view, std::string>, 4> values{
      {{"@name@", name},
       {"@Name@", words(name, "")},
       {"@title@", words(name, " ")},
       {"@abi@", abi}}};
  std::string out(text);
  for (const auto& [mark, value] : values)
    for (auto at = out.find(mark); at != out.npos; at = out.find(mark, at + value.size()))
      out.replace(at, mark.size(), value);
  return out;
}

std::string file_name(std::string_view name_of_template, const std::string& name) {
  std::string out(name_of_template);
  if (out.starts_with("NAME")) out.replace(0, 4, name);
  return out;
}

}  // namespace

Result<std::vector<fs::path>> new_plugin(std::string_view kind, const std::string& name,
                                         const fs::path& parent) {
  RECORTE_TRY(good_name(name));
  const auto directory = parent / name;
  std::error_code error;
  if (fs::exists(fs::symlink_status(directory, error)))
    return fail(ErrorCode::kUsage,
                directory.string() + " is there already; take another name, or move it away");
  if (!fs::create_directory(directory, error))
    return fail(ErrorCode::kUnavailable,
                "cannot make " + directory.string() + ": " + error.message());
  std::vector<fs::path> out;
  for (const auto& file : templates()) {
    if (file.kind != kind) continue;
    out.push_back(directory / file_name(file.name, name));
    if (auto written = write_file(out.back(), filled(file.text, name)); !written) {
      fs::remove_all(directory, error);
      return fail(std::move(written).error());
    }
  }
  return out;
}

}  // namespace recorte::command
