/// `recorte cut`: one cutout, or a list of them, with no server.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/task.hpp"
#include "core/worker/pool.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace recorte::command {

/// Says what went wrong, on standard error; returns its exit status.
int complain(const Error& error);

/// argv[0] is "cut". Returns the exit status (docs/reference/command.md).
int cut(int argc, char** argv);

/// How the products of a list are called in an archive or a directory: one file a row, or as
/// WebDataset wants samples, one file a band and a JSON of the same key.
enum class Layout { kPlain, kWebDataset };

/// What the options of `recorte cut` say.
struct CutOptions {
  std::vector<std::pair<std::string, std::string>> parameters;  ///< by name in the table, as given
  std::string output;                                           ///< "-": standard output
  std::filesystem::path positions;                              ///< a list, where not empty
  Layout layout = Layout::kPlain;                               ///< of a list
  std::int64_t shard_bytes = std::int64_t{1} << 30;             ///< of an HDF5 file of a list
  worker::PoolOptions pool;
  cutout::Budget budget;
};

/// A task without items, for whoever runs the command.
cutout::Task new_task(const CutOptions& options, cutout::Lane lane);
/// The list: one task for some dozens of neighbouring rows, products into a container.
Result<int> cut_list(const CutOptions& options);

}  // namespace recorte::command
