// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/file_names.hpp"

#include <cctype>
#include <functional>

namespace recorte::batch {

std::string safe_name(std::string_view id, std::string_view marks, std::size_t longest) {
  std::string out;
  for (const char c : id.substr(0, longest))
    out += std::isalnum(static_cast<unsigned char>(c)) || marks.find(c) != marks.npos ? c : '_';
  return out.empty() || out[0] == '.' ? "_" + out : out;
}

std::string FileNames::give(const std::string& stem, std::string_view ending,
                            std::uint64_t number) {
  const auto taken = [&](const std::string& name) {
    return !used_.insert(std::hash<std::string>()(name)).second;
  };
  auto name = stem + std::string(ending);
  const auto numbered = stem + "_" + std::to_string(number);
  if (!taken(name)) return name;
  name = numbered + std::string(ending);
  // Each number has names of its own, so that no list makes this long.
  for (int more = 2; taken(name); ++more)
    name = numbered + "_" + std::to_string(more) + std::string(ending);
  return name;
}

}  // namespace recorte::batch
