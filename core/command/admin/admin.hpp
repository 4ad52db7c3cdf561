/// `recorte admin …`: the operator's hand on a server that runs, through its Unix socket.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace recorte::command {

/// argv[0] is "admin". The exit status.
int admin(int argc, char** argv);
/// `recorte reload`, by the same way. The exit status.
int reload(int argc, char** argv);

}  // namespace recorte::command
