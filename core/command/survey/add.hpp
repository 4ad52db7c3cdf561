/// `recorte survey add`: from a directory of FITS files to a survey that is served: index, survey
/// file, coverage and check in one go; and where to look at it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/inspect/where.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace recorte::command {

struct AddOptions {
  std::filesystem::path directory;
  std::string name;             ///< "": made of the directory's
  std::string plugin, release;  ///< the adapter of a new survey, "" for tiles; and which release
  inspect::Where where;
  std::filesystem::path socket;  ///< of the server that may run
  std::size_t sample = 100;
  bool seek = false, verbose = false;
};

/// The exit status: 0, 1 where the check found trouble, others where nothing could be served.
int add_survey(const AddOptions& options);

}  // namespace recorte::command
