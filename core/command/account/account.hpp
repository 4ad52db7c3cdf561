/// `recorte user …`, `recorte token …`, `recorte grant …` and `recorte audit`, which recorte-server
/// runs: it has the database's libraries already. They work whether a server runs or not.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace recorte::command {

/// argv[0] is "user", "token", "grant", "audit". The exit status.
int user(int argc, char** argv);
int token(int argc, char** argv);
int grant(int argc, char** argv);
int audit(int argc, char** argv);

}  // namespace recorte::command
