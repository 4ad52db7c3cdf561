/// Reads what comes over a Unix socket, which its owner alone can open: one thread for all of its
/// connections, which are few.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace recorte::http {

class Connection;
struct Hub;

/// What the address of a client there begins with; its user's number follows: "unix:1000".
inline constexpr std::string_view kLocalPeer = "unix:";

class LocalListener {
 public:
  /// Listens there, with mode 0600. A socket that nobody answers any more is replaced. kUnavailable
  /// where somebody does, or something else is there.
  static Result<std::unique_ptr<LocalListener>> start(std::filesystem::path path,
                                                      std::shared_ptr<Hub> hub);
  /// Closes what is open, and removes the socket where it is still this one's.
  ~LocalListener();
  LocalListener(const LocalListener&) = delete;
  LocalListener& operator=(const LocalListener&) = delete;

 private:
  LocalListener(std::filesystem::path path, std::shared_ptr<Hub> hub, Fd listening, Fd bell);
  void run();
  void take();
  /// False once it has ended.
  bool read(int descriptor, Connection& connection) const;

  const std::filesystem::path path_;
  const std::shared_ptr<Hub> hub_;
  const Fd listening_, bell_;
  dev_t device_ = 0;  ///< of the socket's file
  ino_t inode_ = 0;
  struct Open {
    Fd descriptor;
    std::shared_ptr<Connection> connection;
  };
  std::map<int, Open> open_;  ///< by descriptor; the thread's own
  std::jthread thread_;       ///< the last: it uses all of the above
};

}  // namespace recorte::http
