// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/parameters.hpp"

#include "core/base/text.hpp"
#include "server/http/multipart.hpp"
#include "server/http/syntax.hpp"

#include <algorithm>
#include <utility>

namespace recorte::http {
namespace {

class Taker {
 public:
  Taker(std::size_t limit, std::vector<Parameter>& parameters)
      : limit_(limit), parameters_(parameters) {}

  Status take(std::string name, std::string value) {
    if (parameters_.size() >= limit_)
      return fail(ErrorCode::kTooLarge,
                  "more than " + std::to_string(limit_) + " parameters; send fewer in one request");
    parameters_.push_back({std::move(name), std::move(value)});
    return {};
  }

  /// `a=1&b&c=`: b and c are empty; nothing between two & is nothing.
  Status take_urlencoded(std::string_view text) {
    while (!text.empty()) {
      const auto pair = text.substr(0, text.find('&'));
      text.remove_prefix(std::min(pair.size() + 1, text.size()));
      if (pair.empty()) continue;
      const auto equals = std::min(pair.find('='), pair.size());
      auto name = url_decode(pair.substr(0, equals));
      auto value = url_decode(pair.substr(std::min(equals + 1, pair.size())));
      if (!name || !value)
        return fail(ErrorCode::kUsage, "the parameter '" + excerpt(pair) +
                                           "' has a broken escape; write a percent sign as %25");
      RECORTE_TRY(take(std::move(*name), std::move(*value)));
    }
    return {};
  }

 private:
  std::size_t limit_;
  std::vector<Parameter>& parameters_;
};

}  // namespace

Status take_parameters(std::size_t limit, Request& request) {
  request.most_parameters = limit;
  Taker taker(limit, request.parameters);
  RECORTE_TRY(taker.take_urlencoded(request.query));
  const auto* type = request.headers.find("Content-Type");
  if (type == nullptr) return {};
  const auto kind = lower(trim(std::string_view(*type).substr(0, type->find(';'))));
  if (kind == "application/x-www-form-urlencoded") return taker.take_urlencoded(request.body);
  if (kind != "multipart/form-data") return {};
  return read_multipart(*type, request.body, [&](std::string name, std::string value) {
    return taker.take(std::move(name), std::move(value));
  });
}

}  // namespace recorte::http
