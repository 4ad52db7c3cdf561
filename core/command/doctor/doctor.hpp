/// `recorte doctor`: whether what a server needs is there, a line each, with the remedy where it is
/// not. It looks, and changes nothing, whether a server runs or not.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/settings_ldap.hpp"

#include <functional>

namespace recorte::command {

/// Whether every server of the directory answers and lets the searching account search.
using AskDirectory = std::function<Status(const config::LdapSettings& settings)>;

/// argv[0] is "doctor". The exit status: 0 where all is well.
int doctor(int argc, char** argv, const AskDirectory& ask_directory);

}  // namespace recorte::command
