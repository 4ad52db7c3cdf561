/// The public key of somebody who signs bundles of plugins, as settings write it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <string>
#include <string_view>

namespace recorte::config {

/// "NAME:BASE64", the form in which `recorte plugin key` says it: a name of letters, digits, ".",
/// "_" and "-", and 32 bytes (Ed25519). kUsage names the text and the remedy.
Result<std::string> parse_plugin_key(std::string_view text);

}  // namespace recorte::config
