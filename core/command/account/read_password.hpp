/// A password from whoever sits there, or from a pipe; never from the command line, which everybody
/// on the machine can read.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <string>

namespace recorte::command {

/// Asked for twice, without echo, where standard input is a terminal; else its first line. kUsage
/// where the two differ, or there is none.
Result<std::string> read_password();

}  // namespace recorte::command
