// SPDX-License-Identifier: BSD-3-Clause
#include "auth/login/state.hpp"

#include "core/base/id.hpp"
#include "core/base/text.hpp"

namespace recorte::auth {
namespace {

constexpr std::size_t kRandomBytes = 16, kParts = 4;
constexpr char kBetween = '|';  // url_encode() leaves none in a part

tl::unexpected<Error> foreign() {
  return fail(ErrorCode::kForbidden,
              "this sign-in did not begin in this browser, or took longer than ten minutes; begin "
              "again");
}

}  // namespace

States::States(const account::Keys& keys)
    : sign_(keys.key("login-state")),
      nonce_(keys.key("login-nonce")),
      verifier_(keys.key("login-verifier")) {}

Pass States::pass_of(std::string_view payload, std::string_view browser) const {
  const auto both = std::string(browser) + "\n" + std::string(payload);
  return {std::string(payload) + kBetween + sign_.hash_of(both), nonce_.hash_of(both),
          verifier_.hash_of(both)};
}

Pass States::begin(const Way& way, std::string_view browser) const {
  return pass_of(join({std::to_string(way.expires), url_encode(way.provider),
                       url_encode(way.return_to), random_hex(kRandomBytes)},
                      std::string(1, kBetween)),
                 browser);
}

Result<States::Back> States::end(std::string_view state, std::string_view browser,
                                 Micros now) const {
  const auto last = state.rfind(kBetween);
  if (last == state.npos || browser.empty()) return foreign();
  const auto payload = state.substr(0, last);
  const auto both = std::string(browser) + "\n" + std::string(payload);
  if (!sign_.verify(both, state.substr(last + 1))) return foreign();
  const auto parts = split(payload, kBetween);
  if (parts.size() != kParts) return foreign();
  const auto expires = to_int(parts[0]);
  const auto provider = url_decode(parts[1]), return_to = url_decode(parts[2]);
  if (!expires || !provider || !return_to || now >= *expires) return foreign();
  return Back{{*provider, *return_to, *expires}, pass_of(payload, browser)};
}

}  // namespace recorte::auth
