// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/framer.hpp"

#include "core/base/text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace recorte::http {
namespace {

namespace beast = boost::beast;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// reg-name, IPv4 or bracketed IPv6, and a port (RFC 9110, 7.2), loosely: nothing that could end a
/// host in a URL.
bool good_host(std::string_view host) {
  constexpr std::string_view marks = "-._~%!$&'()*+,;=:[]";
  return std::ranges::all_of(host, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != marks.npos;
  });
}

/// Beast asserts that it has so many bytes where it is shown a last chunk's line again; and so many
/// there will be, whatever the line is part of.
constexpr std::string_view kLastChunk = "0\r\n";
constexpr std::size_t kShownAgain = 5;

/// Where a head ends that is whole, but that its first lines may have been taken already.
std::size_t end_of_head(std::string_view bytes) {
  constexpr std::string_view empty_line = "\r\n\r\n", line_end = "\r\n";
  return bytes.starts_with(line_end) ? line_end.size() : bytes.find(empty_line) + empty_line.size();
}

}  // namespace

/// Collects what Beast finds, and stops it with `refusal` where it is too lenient for us.
class Framer::Parser : public beast::http::basic_parser<true> {
 public:
  Parser(const Limits& limits, Share share) {
    framed.share = std::move(share);
    eager(true);
    header_limit(static_cast<std::uint32_t>(limits.head) + 1);  // feed() counts
    body_limit(limits.body);
  }

  Framed framed;
  std::optional<Refusal> refusal;
  bool head_done = false;
  bool awaits_continue = false;

  using Code = beast::error_code;
  /// Ends the parsing, with a sentence.
  void stop(int status, std::string message, Code& code) {
    refusal = Refusal{status, std::move(message)};
    code = beast::http::make_error_code(beast::http::error::bad_value);
  }

 private:
  using Verb = beast::http::verb;
  using Field = beast::http::field;

  void on_request_impl(Verb, beast::string_view method, beast::string_view target, int version,
                       Code&) override {
    framed.method = view(method);
    framed.target = view(target);
    framed.minor = version - 10;
  }
  void on_response_impl(int, beast::string_view, int, Code&) override {}
  void on_field_impl(Field, beast::string_view name, beast::string_view value, Code&) override {
    // A trailer could pass itself off as a field that was looked at before it came.
    if (head_done) return;
    framed.headers.add(std::string(view(name)), std::string(view(value)));
  }
  void on_header_impl(Code& code) override {
    head_done = true;
    framed.keep_alive = keep_alive();
    check_host(code);
    if (!code) check_framing(code);
    if (!code) check_expectation(code);
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Code&) override {
    // More is reserved only as it comes: a promise costs nothing to make.
    constexpr std::uint64_t most = 64 << 10;
    framed.body.reserve(static_cast<std::size_t>(std::min(length.value_or(0), most)));
  }
  std::size_t on_body_impl(beast::string_view bytes, Code& code) override {
    return add_body(bytes, code);
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, Code& code) override {
    return add_body(bytes, code);
  }
  void on_finish_impl(Code&) override {}

  std::size_t add_body(beast::string_view bytes, Code& code) {
    if (framed.share.take(bytes.size()))
      framed.body.append(bytes.data(), bytes.size());
    else
      stop(503, "The server holds as many request bodies as it may; try again later.", code);
    return bytes.size();
  }

  std::size_t count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        framed.headers, [&](const auto& field) { return equal_ignoring_case(field.first, name); }));
  }

  void check_host(Code& code) {
    const auto hosts = count("Host");
    if (hosts > 1 || (hosts == 0 && framed.minor > 0))
      return stop(
          400, "A request needs one Host field; this one has " + std::to_string(hosts) + ".", code);
    if (const auto* host = framed.headers.find("Host"); host && !good_host(*host))
      stop(400, "The Host field is no name or address of a host.", code);
  }

  /// Where the request ends must not depend on who reads it (RFC 9112, 6.1 and 11.2).
  void check_framing(Code& code) {
    const auto* length = framed.headers.find("Content-Length");
    if (length && (count("Content-Length") > 1 ||
                   length->find_first_not_of("0123456789") != std::string::npos))
      return stop(400, "A request may have one Content-Length field, with one number.", code);
    const auto encoding = framed.headers.joined("Transfer-Encoding");
    if (!encoding) return;
    if (framed.minor == 0)
      return stop(400, "HTTP/1.0 has no Transfer-Encoding; send HTTP/1.1.", code);
    if (!equal_ignoring_case(*encoding, "chunked"))
      return stop(501, "The only Transfer-Encoding that the server knows is 'chunked'.", code);
    if (length)
      stop(400, "A request may have a Content-Length or a Transfer-Encoding, not both.", code);
  }

  void check_expectation(Code& code) {
    const auto expectation = framed.headers.joined("Expect");
    if (!expectation || framed.minor == 0) return;
    if (!equal_ignoring_case(*expectation, "100-continue"))
      return stop(417, "The only expectation that the server meets is '100-continue'.", code);
    awaits_continue = chunked() || content_length().value_or(0) > 0;
  }
};

Framer::Framer(const Limits& limits, Share share)
    : limits_(limits), parser_(std::make_unique<Parser>(limits, std::move(share))) {}

Framer::~Framer() = default;

std::size_t Framer::feed(std::string_view bytes) {
  using beast::http::error;
  // Beast wants a line, and a head, in one piece: what it has not consumed is shown again.
  const bool joined = !held_.empty();
  if (joined) held_.append(bytes);
  const auto input = joined ? std::string_view(held_) : bytes;
  const bool in_head = !parser_->head_done;
  std::size_t used = 0;
  beast::error_code code;
  while (used < input.size() && !parser_->is_done() && !code) {
    const auto rest = input.substr(used);
    if (parser_->chunked() && rest.starts_with(kLastChunk) && rest.size() < kShownAgain) break;
    const auto n = parser_->put(boost::asio::buffer(rest.data(), rest.size()), code);
    used += n;
    if (n == 0) break;
  }
  const auto left = input.size() - used;
  if (code == error::need_more) code = {};
  if (in_head) {
    // As it was sent, blanks and all: how it was split must not decide.
    const auto size = head_ + (parser_->head_done ? end_of_head(input) : input.size());
    if (!code && size > limits_.head) code = error::header_limit;
    head_ += used;
  }
  // Of a body, only a chunk's line and the trailers are held.
  if (!code && parser_->head_done && !parser_->is_done() && left > limits_.head)
    parser_->stop(400,
                  "A chunk's line or the trailers of the request are larger than " +
                      std::to_string(limits_.head) + " bytes (server.limits.head); send less.",
                  code);
  if (code) {
    refuse(code.message());
    if (code == error::header_limit)
      refusal_ = {431, "The head of the request is larger than " + std::to_string(limits_.head) +
                           " bytes (server.limits.head); send less."};
    else if (code == error::body_limit)
      refusal_ = {413, "The body of the request is larger than " + std::to_string(limits_.body) +
                           " bytes (server.limits.body); send less."};
    else if (code == error::bad_version)
      refusal_ = {505, "The server speaks HTTP/1.1 and HTTP/1.0."};
    return bytes.size();
  }
  if (parser_->is_done()) {
    state_ = State::kWhole;
    held_.clear();
    return bytes.size() - left;  // the rest is the next request's, and came with these bytes
  }
  if (joined)
    held_.erase(0, used);
  else
    held_.assign(input.substr(used));
  if (parser_->head_done) state_ = State::kBody;
  return bytes.size();
}

void Framer::refuse(const std::string& why) {
  state_ = State::kBroken;
  held_.clear();
  refusal_ = parser_->refusal.value_or(Refusal{400, "This is no HTTP request: " + why + "."});
}

bool Framer::take_expectation() {
  const bool waits = state_ == State::kBody && parser_->framed.body.empty() && held_.empty();
  return waits && std::exchange(parser_->awaits_continue, false);
}

std::int64_t Framer::body_size() const {
  return static_cast<std::int64_t>(parser_->framed.body.size());
}

Framed Framer::take() { return std::move(parser_->framed); }

}  // namespace recorte::http
