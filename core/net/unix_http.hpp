/// One request to a server on a Unix socket of this machine.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <filesystem>
#include <string>

namespace recorte::net {

struct UnixRequest {
  std::string method = "GET";
  std::string path;  ///< with its query, encoded
  std::string body;  ///< JSON; "" for none
};

struct UnixAnswer {
  long status = 0;
  std::string body;
};

/// kUnavailable where nobody answers there, kForbidden where the socket is another user's: both say
/// what to do.
Result<UnixAnswer> ask_unix(const std::filesystem::path& socket, const UnixRequest& request);

}  // namespace recorte::net
