/// Names of keys and sections, as the table has them, and what an unknown one may have been meant
/// to be. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/settings_table.hpp"

#include <string>
#include <string_view>

namespace recorte::config {

/// nullptr where there is none. `section` is as the table has it.
const Key* find_key(std::string_view section, std::string_view name);
bool is_section(std::string_view name);
/// Whether sections with free names stand in it.
bool holds_sections(std::string_view name);

/// "in [server]".
std::string in_section(std::string_view section);
/// The same name elsewhere, or one like it here.
std::string key_remedy(std::string_view section, std::string_view name);
std::string section_remedy(const std::string& name);

}  // namespace recorte::config
