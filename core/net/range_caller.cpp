// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/range_caller.hpp"

#include "core/net/transfer.hpp"

#include <sys/socket.h>

#include <utility>

namespace recorte::net {
namespace {

constexpr std::size_t kMostHead = 64 << 10;  // bytes
/// SHA-256 of no bytes, the body of a GET; S3 wants it said.
constexpr const char* kNoBody =
    "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

bool is_date(const std::string& validator) {
  return !validator.starts_with('"') && !validator.starts_with("W/");
}

/// How the server is told of the state that is wanted or known. A weak ETag is compared by
/// ourselves: a server refuses it here.
std::string condition(const RangeAsk& ask) {
  const auto& known = ask.validator;
  if (known.empty()) return {};
  if (ask.unless) return (is_date(known) ? "If-Modified-Since: " : "If-None-Match: ") + known;
  if (known.starts_with("W/")) return {};
  return (is_date(known) ? "If-Unmodified-Since: " : "If-Match: ") + known;
}

}  // namespace

struct RangeCaller::Call {
  explicit Call(const Options& all) : options(all), transfer(bounds) {
    transfer.keep(body);
    transfer.set(CURLOPT_PROTOCOLS_STR, "http,https");
    transfer.set(CURLOPT_USERAGENT, "recorte");
    transfer.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect / 1'000));
    transfer.set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    transfer.set(CURLOPT_LOW_SPEED_TIME, static_cast<long>((options.stall + 999'999) / 1'000'000));
    if (!options.ca.empty()) transfer.set(CURLOPT_CAINFO, options.ca.c_str());
    transfer.set(CURLOPT_HEADERFUNCTION, &hear_head);
    transfer.set(CURLOPT_HEADERDATA, this);
    transfer.set(CURLOPT_XFERINFOFUNCTION, &look);
    transfer.set(CURLOPT_XFERINFODATA, this);
    transfer.set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    transfer.set(CURLOPT_OPENSOCKETDATA, this);
  }

  static std::size_t hear_head(char* bytes, std::size_t size, std::size_t count, void* call) {
    auto& self = *static_cast<Call*>(call);
    self.head_bytes += size * count;
    if (self.head_bytes > kMostHead) return 0;
    self.head.add({bytes, size * count});
    return size * count;
  }

  static int look(void* call, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const auto& stop = *static_cast<Call*>(call)->stop;
    return stop && stop() ? 1 : 0;
  }

  /// After names are resolved: what a name leads to is looked at, and not the name.
  static curl_socket_t open_socket(void* call, curlsocktype, curl_sockaddr* to) {
    auto& self = *static_cast<Call*>(call);
    const auto address = address_of(to->addr);
    if (!address || !self.options.may_reach(*address)) {
      self.kept_off = true;
      return CURL_SOCKET_BAD;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
  }

  void sign(bool signs, Lines& headers) {
    const auto provider = "aws:amz:" + options.region + ":s3";
    transfer.set(CURLOPT_AWS_SIGV4, signs ? provider.c_str() : nullptr);
    transfer.set(CURLOPT_USERNAME, signs ? options.key.c_str() : nullptr);
    transfer.set(CURLOPT_PASSWORD, signs ? options.secret.c_str() : nullptr);
    if (!signs) return;
    add_line(headers, kNoBody);
    if (!options.token.empty()) add_line(headers, "x-amz-security-token: " + options.token);
  }

  const Options& options;
  Bounds bounds;
  Transfer transfer;
  RangeHead head;
  std::size_t head_bytes = 0;
  std::string body;
  bool kept_off = false;
  const std::function<bool()>* stop = nullptr;
};

RangeCaller::RangeCaller(Options options)
    : options_(std::move(options)), call_(std::make_unique<Call>(options_)) {}
RangeCaller::~RangeCaller() = default;

RangeAnswer RangeCaller::get(const RangeAsk& ask, Micros whole, const std::function<bool()>& stop) {
  auto& call = *call_;
  call.head = {};
  call.head_bytes = 0;
  call.body.clear();
  call.kept_off = false;
  call.stop = &stop;
  // A server that sends more than it was asked for is not heard to the end.
  call.bounds.answer = static_cast<std::size_t>(ask.last - ask.first + 1);
  Lines headers;
  if (const auto line = condition(ask); !line.empty()) add_line(headers, line);
  call.sign(ask.signs, headers);
  auto& transfer = call.transfer;
  transfer.set(CURLOPT_URL, ask.url.c_str());
  transfer.set(CURLOPT_HTTPHEADER, headers.get());
  const auto range = std::to_string(ask.first) + "-" + std::to_string(ask.last);
  transfer.set(CURLOPT_RANGE, range.c_str());
  transfer.set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<Micros>(whole / 1'000, 1)));
  const auto code = transfer.run();
  call.head.status = transfer.status();
  transfer.set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
  if (call.kept_off && call.head.status == 0) {
    RangeAnswer out;
    out.why =
        "is at an address of this machine or of a private network, which the settings do not "
        "allow (networks in [remote])";
    return out;
  }
  return judge(ask, call.head, std::move(call.body), code == CURLE_OK ? "" : transfer.why(code));
}

}  // namespace recorte::net
