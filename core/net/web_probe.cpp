// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/web_probe.hpp"

#include "core/net/transfer.hpp"

namespace recorte::net {

Status probe_web(const std::string& url, const Bounds& bounds) {
  Transfer transfer(bounds);
  transfer.set(CURLOPT_URL, url.c_str());
  transfer.set(CURLOPT_PROTOCOLS_STR, "http,https");
  const auto code = transfer.run();
  if (code != CURLE_OK)
    return fail(ErrorCode::kUnavailable, url + " does not answer: " + transfer.why(code));
  if (transfer.status() == 200) return {};
  return fail(ErrorCode::kUnavailable,
              url + " answers " + std::to_string(transfer.status()) + ", not 200");
}

}  // namespace recorte::net
