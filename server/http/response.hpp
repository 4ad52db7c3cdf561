/// What goes back: a status, headers, and a body of memory and file ranges, or a source or a stream
/// that is asked for more when the client has taken what it was given.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"
#include "server/http/request.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace recorte::http {

/// Part of a file; the descriptor is shared, so that one file answers many.
struct FileRange {
  std::shared_ptr<const Fd> file;
  std::int64_t offset = 0, size = 0;
};
/// Text is shared too: the same page goes to many.
struct Text {
  std::shared_ptr<const std::string> bytes;
  std::int64_t offset = 0, size = 0;
};
/// Memory that somebody keeps as long as it is asked for.
struct Memory {
  std::shared_ptr<const std::byte> bytes;
  std::int64_t offset = 0, size = 0;
};
using Piece = std::variant<Text, FileRange, Memory>;

inline Piece text_piece(std::string bytes) {
  const auto size = static_cast<std::int64_t>(bytes.size());
  return Text{std::make_shared<const std::string>(std::move(bytes)), 0, size};
}

/// A body whose length is not known before it is made. Sent chunked, or up to the end of the
/// connection to an HTTP/1.0 client.
class Stream {
 public:
  virtual ~Stream() = default;
  enum class State { kPiece, kLater, kEnd };
  /// Called when the client can take more; never blocks. kPiece: `piece` was filled; kLater: `wake`
  /// will be called once there is more [any thread]; an error ends the connection without the last
  /// chunk, so that the client knows.
  virtual Result<State> next(Piece& piece, const std::function<void()>& wake) = 0;
};

/// A body whose length is known, and whose pieces are made as the client takes them.
class Source {
 public:
  virtual ~Source() = default;
  virtual std::int64_t size() const = 0;
  /// What stands at `offset` (below size()), not empty, and as long as it likes: what is not asked
  /// for is not sent. Never blocks; an error ends the connection. [any thread]
  virtual Result<Piece> at(std::int64_t offset) const = 0;
};
struct SourceRange {
  std::shared_ptr<const Source> source;
  std::int64_t offset = 0, size = 0;
};

using Body = std::variant<std::vector<Piece>, std::unique_ptr<Stream>, SourceRange>;

/// For the record of the request and its log line.
struct Notes {
  std::string user = "anonymous";
  std::string service;             ///< that acts for the user
  std::string method, credential;  ///< as account::Principal has them
  std::string survey, canonical, plugin, error;
  std::string object;  ///< what was acted on, for the audit trail: a job's id, a user's name
  std::string detail;  ///< what was done, for the audit trail; holds no secret
  std::int64_t queued_us = 0, worked_us = 0;
};

struct Response {
  int status = 200;
  Headers headers;  ///< without Content-Length, Connection, Date: the edge's
  Body body;
  Notes notes;
  /// Whether the connection ends after it.
  bool close = false;
};

/// A whole text body.
Response text_response(int status, std::string_view content_type, std::string body);
/// 303 See Other to an absolute URL.
Response see_other(std::string location);

/// RFC 9110 on a response of known length: If-None-Match (weak comparison) → 304; a single range of
/// bytes with a matching If-Range → 206, or 416; several ranges: whole. Only for GET and HEAD, and
/// only where the handler's status is 200. Adds Accept-Ranges. The body of HEAD is dropped by the
/// edge, which keeps its length.
void apply_conditions(const Request& request, Response& response);

}  // namespace recorte::http
