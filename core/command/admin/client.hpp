/// A server's admin routes, asked through its Unix socket.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace recorte::command {

/// Of the server that runs by this configuration, in this data directory; "" for the defaults.
Result<std::filesystem::path> socket_of(const std::filesystem::path& config,
                                        const std::filesystem::path& data);

/// The answer's document; null where it has none. `path` goes behind /api/v1/admin/. An error is
/// the server's own, or says that none runs there, or that its socket is another user's.
Result<nlohmann::ordered_json> ask_admin(const std::filesystem::path& socket,
                                         const std::string& method, const std::string& path,
                                         const std::string& body = "");

}  // namespace recorte::command
