/// `recorte cut`: one cutout, or a list of them, with no server.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/task.hpp"
#include "core/worker/pool.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace recorte::command {

/// Says what went wrong, on standard error; returns its exit status.
int complain(const Error& error);

/// argv[0] is "cut". Returns the exit status (docs/reference/command.md).
int cut(int argc, char** argv);

/// What the options of `recorte cut` say.
struct CutOptions {
  std::vector<std::pair<std::string, std::string>> parameters;  ///< by name in the table, as given
  std::string output;                                           ///< "-": standard output
  std::filesystem::path positions;                              ///< a list, where not empty
  worker::PoolOptions pool;
  cutout::Budget budget;
};

/// A task without items, for whoever runs the command.
cutout::Task new_task(const CutOptions& options, cutout::Lane lane);
/// The list: one task for some dozens of neighbouring rows, products into a tar or a directory.
Result<int> cut_list(const CutOptions& options);

}  // namespace recorte::command
