/// A bar on a terminal that shows how far something is; nothing elsewhere.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace recorte::command {

/// Whether standard error is a terminal.
bool has_terminal();
/// Draws it anew; a line of its own is left behind once `done` is `total`. `what` is one word.
void show_progress(const char* what, std::size_t done, std::size_t total);

}  // namespace recorte::command
