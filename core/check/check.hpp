/// `recorte plugin check`: the contract tests of a plugin, each in a process that is thrown away,
/// as TAP (the Test Anything Protocol), version 14.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/check/child.hpp"

#include <cstdio>
#include <filesystem>
#include <string>

namespace recorte::check {

struct Options {
  std::filesystem::path file;    ///< the library
  std::filesystem::path survey;  ///< a survey's TOML file; empty: what can be made up
  Limits limits = {};            ///< of each check
};

/// Writes the report to `out` as it goes; returns whether all was ok. An error where the checks
/// themselves could not be made.
Result<bool> check(const Options& options, std::FILE* out);

}  // namespace recorte::check
