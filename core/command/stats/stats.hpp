/// `recorte stats …`, which recorte-server runs: it has the database's libraries already.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace recorte::command {

/// argv[0] is "stats". The exit status.
int stats(int argc, char** argv);

}  // namespace recorte::command
