/// `recorte user`, `token`, `grant`, `quota` and `audit`: who may do what, and who did. They work
/// on the database, whether a server runs or not, and count at once for one that does.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace recorte::command {

/// argv[0] is the command's name. The exit status.
int user(int argc, char** argv);
int token(int argc, char** argv);
int grant(int argc, char** argv);
int quota(int argc, char** argv);
int audit(int argc, char** argv);

}  // namespace recorte::command
