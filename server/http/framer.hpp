/// One request out of the bytes of a connection, however they are split: Boost.Beast's parser with
/// limits, and refusals where two readers could disagree about where a request ends (RFC 9112).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/limits.hpp"
#include "server/http/request.hpp"
#include "server/http/share.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace recorte::http {

/// A request as it was framed.
struct Framed {
  std::string method, target;
  Headers headers;  ///< trailers left out
  std::string body;
  Share share;  ///< of the bound on all bodies
  int minor = 1;
  bool keep_alive = true;
};

/// Why there is none. The connection cannot go on after it.
struct Refusal {
  int status = 400;
  std::string message;  ///< a sentence
};

class Framer {
 public:
  /// `share`: what the body's bytes are taken of.
  Framer(const Limits& limits, Share share);
  ~Framer();

  enum class State { kHead, kBody, kWhole, kBroken };
  /// Takes the bytes that belong to the request, and says how many those were: all of them, unless
  /// the request is whole.
  std::size_t feed(std::string_view bytes);
  State state() const { return state_; }
  /// True once, when the client waits to be told to go on with its body.
  bool take_expectation();
  /// Bytes of body that have come.
  std::int64_t body_size() const;
  const Refusal& refusal() const { return refusal_; }
  /// What came of the request, whole or not.
  Framed take();

 private:
  class Parser;
  void refuse(const std::string& why);

  const Limits& limits_;
  std::unique_ptr<Parser> parser_;
  std::size_t head_ = 0;  ///< bytes of it that the parser has done with
  std::string held_;      ///< bytes that the parser will want to see again
  State state_ = State::kHead;
  Refusal refusal_;
};

}  // namespace recorte::http
