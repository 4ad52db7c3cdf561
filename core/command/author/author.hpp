/// What an author of plugins has in hand: `recorte plugin new`, `check` and `try`. Each returns the
/// exit status.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <CLI/App.hpp>

#include <functional>
#include <optional>

namespace recorte::command {

/// Adds the three to `recorte plugin`. What it returns runs the one that was given, if any was.
std::function<std::optional<int>()> add_author_commands(CLI::App& plugin);

}  // namespace recorte::command
