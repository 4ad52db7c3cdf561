/// `recorte doctor`: whether what a server needs is there, a line each, with the remedy where it is
/// not. It looks, and changes nothing, whether a server runs or not.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace recorte::command {

/// argv[0] is "doctor". The exit status: 0 where all is well.
int doctor(int argc, char** argv);

}  // namespace recorte::command
