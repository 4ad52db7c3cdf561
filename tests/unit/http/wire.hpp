/// A client that sees every byte, for the tests of the edge.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/io.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace recorte::http {

/// Whether it holds before long; looked at every millisecond.
bool eventually(const std::function<bool()>& holds);

struct Answer {
  int status = 0;    ///< 0: none came
  std::string head;  ///< status line to empty line
  std::string body;  ///< unchunked
  bool whole = false;
  /// Of that name, lower or upper; "(none)" where there is none.
  std::string field(std::string_view name) const;
};

class Wire {
 public:
  /// `receive`: bytes that the kernel holds for this client; 0: as many as it likes.
  explicit Wire(std::uint16_t port, int receive = 0);
  /// To a Unix socket.
  explicit Wire(const std::filesystem::path& socket);

  /// False where the other end takes nothing more.
  bool send(std::string_view bytes);
  /// A GET.
  bool get(std::string_view path);
  /// The next answer; its body as its head says, which for an answer to HEAD is none.
  Answer answer(bool to_head = false);
  /// A GET and its answer.
  Answer ask(std::string_view path);
  /// Reads until there are as many bytes, or no more come.
  bool read(std::size_t bytes);

  enum class End { kNone, kClosed, kReset };
  /// Reads on to the end of the connection.
  End end();
  /// FIN: no more will be sent.
  void finish();
  /// RST.
  void reset();
  int descriptor() const { return socket_.get(); }

  int patience_ms = 30'000;  ///< how long to wait for a byte
  std::string bytes;         ///< read and not yet taken by answer()

 private:
  /// False at the end, or after a long time.
  bool more();
  Fd socket_;
  End end_ = End::kNone;
};

}  // namespace recorte::http
