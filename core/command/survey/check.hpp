/// `recorte survey check`: what it found, for people and for programs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/inspect/inspect.hpp"

#include <filesystem>
#include <string>

namespace recorte::command {

/// As text on standard output: what the survey is like, then what is wrong, each with its remedy.
void print(const inspect::CheckReport& report);
/// As one JSON object.
void print_json(const inspect::CheckReport& report);

/// The exit status: 0 where nothing is wrong, 1 where something is, others where the survey cannot
/// be served at all.
int check_survey(const inspect::CheckOptions& options, bool json);

}  // namespace recorte::command
