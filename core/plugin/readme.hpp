/// A plugin's page for people: the README of its project, which is installed beside the library.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>

namespace recorte::plugin {

/// ID.md beside ID.so; README.md where the library has a directory of its own, with plugin.json.
/// "" where there is none.
std::filesystem::path readme_of(const std::filesystem::path& library);

}  // namespace recorte::plugin
