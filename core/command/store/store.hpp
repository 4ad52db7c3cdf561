/// `recorte plugin` for those who look after a server: bundles, and the store of what is installed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <CLI/App.hpp>

#include <functional>
#include <optional>

namespace recorte::command {

/// Adds bundle, key, install, enable, disable, remove, list and info. What is returned runs the one
/// that was asked for, once the options are parsed: its exit status; nullopt where it was another.
std::function<std::optional<int>()> add_store_commands(CLI::App& app);

}  // namespace recorte::command
