// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/webhook.hpp"

#include "core/net/transfer.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace recorte::net {

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), raw.data(),
           &size) == nullptr)
    throw std::runtime_error("no HMAC can be made");
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += {kHex[raw[i] >> 4], kHex[raw[i] & 15]};
  return out;
}

Delivery post(const Post& what, const Bounds& bounds) {
  Transfer transfer(bounds);
  Lines headers;
  add_line(headers, "Content-Type: application/json");
  add_line(headers, "Expect:");  // no round trip to ask whether the body may come
  add_line(headers, "X-Recorte-Id: " + what.id);
  if (!what.secret.empty())
    add_line(headers, "X-Recorte-Signature: sha256=" + hmac_sha256(what.secret, what.body));
  transfer.set(CURLOPT_URL, what.target.url.c_str());
  transfer.set(CURLOPT_PROTOCOLS_STR, "http,https");
  transfer.set(CURLOPT_HTTPHEADER, headers.get());
  transfer.set(CURLOPT_USERAGENT, "recorte");
  transfer.set(CURLOPT_POST, 1L);
  transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(what.body.size()));
  transfer.set(CURLOPT_POSTFIELDS, what.body.data());
  const auto code = transfer.run();
  const auto said_last = transfer.status();
  const auto status = said_last < 200 ? 0 : said_last;  // what goes before an answer is none
  const auto& origin = what.target.origin;
  if (is_connection_failure(code) && status == 0)
    return {Outcome::kAway, origin + " cannot be reached: " + transfer.why(code)};
  // An answer that is too long, or breaks off, has said its status first.
  if (status >= 200 && status < 300) return {};
  if (status == 0)
    return {Outcome::kRefused, origin + " gave no answer of HTTP: " + transfer.why(code)};
  const auto said = origin + " answered " + std::to_string(status);
  if (status == 429 || status >= 500) return {Outcome::kLater, said};
  return {Outcome::kRefused,
          said + (status >= 300 && status < 400 ? "; redirects are not followed" : "")};
}

}  // namespace recorte::net
