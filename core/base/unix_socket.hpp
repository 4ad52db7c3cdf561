/// The address of a Unix socket. The system takes few bytes of one (108); a longer path is gone
/// through its directory, so that only the file's name has to be short.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <filesystem>
#include <string>

namespace recorte {

struct UnixName {
  std::string path;  ///< what bind() and connect() are told
  Fd directory;      ///< open for as long as `path` is to hold good, where it leads through it
};

/// kUnavailable where the directory cannot be opened, kUsage where the name is too long.
Result<UnixName> unix_name(const std::filesystem::path& socket);
/// A new socket, close-on-exec. kUnavailable.
Result<Fd> make_unix_socket();
/// What bind() or connect() say of it; the reason is errno's.
bool bind_unix(const Fd& socket, const UnixName& name);
bool connect_unix(const Fd& socket, const UnixName& name);

}  // namespace recorte
