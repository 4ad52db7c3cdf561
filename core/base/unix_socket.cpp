// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/unix_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>

namespace recorte {
namespace {

constexpr std::size_t kMost = sizeof(sockaddr_un::sun_path) - 1;  // it ends with a zero

sockaddr_un address_of(const UnixName& name) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  std::memcpy(out.sun_path, name.path.data(), std::min(name.path.size(), kMost));
  return out;
}

}  // namespace

Result<UnixName> unix_name(const std::filesystem::path& socket) {
  if (socket.native().size() <= kMost) return UnixName{socket.native(), {}};
  const auto file = socket.filename().native();
  Fd directory(::open(socket.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory)
    return fail(ErrorCode::kUnavailable,
                os_error("cannot open the directory of the socket " + socket.string()).message);
  auto path = "/proc/self/fd/" + std::to_string(directory.get()) + "/" + file;
  if (path.size() > kMost)
    return fail(ErrorCode::kUsage, "the name of the socket, '" + file + "', has " +
                                       std::to_string(file.size()) + " bytes, and may have " +
                                       std::to_string(kMost - (path.size() - file.size())) +
                                       "; give it a shorter one");
  return UnixName{std::move(path), std::move(directory)};
}

Result<Fd> make_unix_socket() {
  Fd out(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!out) return fail(ErrorCode::kUnavailable, os_error("cannot make a socket").message);
  return out;
}

bool bind_unix(const Fd& socket, const UnixName& name) {
  const auto address = address_of(name);
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool connect_unix(const Fd& socket, const UnixName& name) {
  const auto address = address_of(name);
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace recorte
