// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/local_listener.hpp"

#include "core/base/unix_socket.hpp"
#include "server/http/connection.hpp"
#include "server/http/hub.hpp"
#include "server/http/socket.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>
#include <vector>

namespace recorte::http {
namespace {

constexpr int kBacklog = 64;
constexpr int kPauseMs = 100;

Error unusable(const std::filesystem::path& path, const std::string& why) {
  return {ErrorCode::kUnavailable, "cannot listen on the socket " + path.string() + ": " + why};
}

/// Takes away a socket whose server has died.
Status make_room(const std::filesystem::path& path, const UnixName& name) {
  struct stat there {};
  if (::lstat(path.c_str(), &there) != 0) return {};
  if (!S_ISSOCK(there.st_mode))
    return fail(unusable(path, "something else is there; remove it, or name another place"));
  auto probe = make_unix_socket();
  if (!probe) return fail(std::move(probe).error());
  if (connect_unix(*probe, name))
    return fail(
        unusable(path, "another server answers there; end that one, or name another place"));
  if (errno != ECONNREFUSED) return fail(unusable(path, os_error("it is there").message));
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return fail(unusable(path, os_error("that of a server that has died stays").message));
  return {};
}

std::string peer_of(int descriptor) {
  ucred peer{};
  socklen_t size = sizeof peer;
  const bool known = ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  return std::string(kLocalPeer) + (known ? std::to_string(peer.uid) : "?");
}

}  // namespace

Result<std::unique_ptr<LocalListener>> LocalListener::start(std::filesystem::path path,
                                                            std::shared_ptr<Hub> hub) {
  const auto name = unix_name(path);
  if (!name) return fail(name.error());
  RECORTE_TRY(make_room(path, *name));
  auto listening = make_unix_socket();
  if (!listening) return fail(std::move(listening).error());
  // The file is made with the socket's own mode: there is no moment at which others may open it.
  if (::fchmod(listening->get(), S_IRUSR | S_IWUSR) != 0 || !bind_unix(*listening, *name) ||
      ::listen(listening->get(), kBacklog) != 0)
    return fail(unusable(path, os_error("the system says").message));
  Fd bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!bell) return fail(unusable(path, os_error("no bell").message));
  return std::unique_ptr<LocalListener>(
      new LocalListener(std::move(path), std::move(hub), std::move(*listening), std::move(bell)));
}

LocalListener::LocalListener(std::filesystem::path path, std::shared_ptr<Hub> hub, Fd listening,
                             Fd bell)
    : path_(std::move(path)),
      hub_(std::move(hub)),
      listening_(std::move(listening)),
      bell_(std::move(bell)) {
  struct stat file {};
  if (::lstat(path_.c_str(), &file) == 0) {
    device_ = file.st_dev;
    inode_ = file.st_ino;
  }
  thread_ = std::jthread([this] { run(); });
}

LocalListener::~LocalListener() {
  ::eventfd_write(bell_.get(), 1);
  thread_.join();
  struct stat file {};
  if (::lstat(path_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == inode_)
    ::unlink(path_.c_str());
}

void LocalListener::run() {
  std::vector<pollfd> watched;
  for (;;) {
    watched = {{bell_.get(), POLLIN, 0}, {listening_.get(), POLLIN, 0}};
    for (const auto& [descriptor, open] : open_) watched.push_back({descriptor, POLLIN, 0});
    if (::poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[0].revents != 0) break;
    for (std::size_t i = 2; i < watched.size(); ++i) {
      if (watched[i].revents == 0) continue;
      const auto at = open_.find(watched[i].fd);
      if (!read(at->first, *at->second.connection)) open_.erase(at);
    }
    if (watched[1].revents != 0) take();
  }
  for (const auto& [descriptor, open] : open_) open.connection->disconnected();
  open_.clear();
}

void LocalListener::take() {
  Fd descriptor(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!descriptor) {
    // Whoever waits goes on waiting; with no descriptors left, there is no hurry to look again.
    if (errno != EAGAIN && errno != ECONNABORTED) ::poll(nullptr, 0, kPauseMs);
    return;
  }
  auto connection = std::make_shared<Connection>(hub_, descriptor.get(), peer_of(descriptor.get()));
  if (!hub_->admit(connection)) {
    ++hub_->refused;
    return;
  }
  const int key = descriptor.get();
  open_[key] = {std::move(descriptor), std::move(connection)};
}

bool LocalListener::read(int descriptor, Connection& connection) const {
  std::array<char, 16 << 10> bytes;
  const auto n = ::recv(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (n > 0) {
    connection.input({bytes.data(), static_cast<std::size_t>(n)});
    return true;
  }
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  connection.disconnected();
  return false;
}

}  // namespace recorte::http
