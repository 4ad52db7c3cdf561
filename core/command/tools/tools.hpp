/// The commands that recorte-tools runs: argv[0] is the command's name. Each returns the
/// exit status.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <CLI/App.hpp>

#include <optional>

namespace recorte::command {

int config(int argc, char** argv);
int survey(int argc, char** argv);
int plugin(int argc, char** argv);
int demo(int argc, char** argv);
int login(int argc, char** argv);
int logout(int argc, char** argv);
int whoami(int argc, char** argv);
/// Not for people: serves the link that remote::start_fetcher() made.
int fetch();

/// Parses the options of `recorte NAME …`. The exit status where the command ends with that: help
/// was asked for (0), or an option is wrong (2, and it was said).
std::optional<int> parse(CLI::App& app, int argc, char** argv);
/// Says what went wrong, on standard error; returns its exit status.
int complain(const Error& error);

}  // namespace recorte::command
