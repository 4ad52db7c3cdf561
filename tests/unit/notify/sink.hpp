/// A server of tests/integration/sinks.py that takes what is sent, in a process of its own.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/io.hpp"

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace recorte::notify {

class Sink {
 public:
  explicit Sink(std::vector<std::string> arguments);
  ~Sink();
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  std::string at() const { return "127.0.0.1:" + std::to_string(port_); }
  /// What it took next; waits for it. Null where nothing comes.
  nlohmann::json next();

 private:
  pid_t process_ = -1;
  Fd output_;
  std::string read_;
  std::uint16_t port_ = 0;
};

}  // namespace recorte::notify
