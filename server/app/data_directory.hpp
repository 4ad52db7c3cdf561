/// The data directory, which one server has at a time: its files, its SQLite and the server's name
/// are nobody else's meanwhile.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <filesystem>
#include <string>

namespace recorte::app {

struct DataDirectory {
  Fd held;           ///< nobody else has the directory while this is open
  std::string name;  ///< of the server, which it keeps: it knows its own jobs when it starts anew
};

/// Of a directory that is there. kUnavailable says that another process has it, and what to do.
Result<DataDirectory> hold_data_directory(const std::filesystem::path& data);

}  // namespace recorte::app
