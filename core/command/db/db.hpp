/// `recorte db …`, which recorte-server runs: it has the database's libraries already.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace recorte::command {

/// argv[0] is "db". The exit status.
int db(int argc, char** argv);

}  // namespace recorte::command
