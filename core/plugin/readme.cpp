// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/readme.hpp"

#include <system_error>

namespace recorte::plugin {

namespace fs = std::filesystem;

fs::path readme_of(const fs::path& library) {
  std::error_code error;
  auto beside = library;
  beside.replace_extension(".md");
  if (fs::is_regular_file(beside, error)) return beside;
  const auto directory = library.parent_path();
  auto own = directory / "README.md";
  if (fs::exists(directory / "plugin.json", error) && fs::is_regular_file(own, error)) return own;
  return {};
}

}  // namespace recorte::plugin
