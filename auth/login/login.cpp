// SPDX-License-Identifier: BSD-3-Clause
#include "auth/login/login.hpp"

#include "auth/login/exchange.hpp"
#include "auth/login/return_path.hpp"
#include "core/base/text.hpp"
#include "core/net/pkce.hpp"

#include <algorithm>
#include <utility>

namespace recorte::auth {
namespace {

using nlohmann::json;

constexpr Micros kSecond = 1'000'000;
constexpr std::int64_t kLongestDevice = 1'800, kLongestInterval = 60;

std::string query_text(const net::Form& form) {
  std::string out;
  for (const auto& [name, value] : form)
    out += (out.empty() ? "" : "&") + url_encode(name) + "=" + url_encode(value);
  return out;
}

std::int64_t number_member(const json& object, const char* name, std::int64_t missing) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : missing;
}

/// Of the token endpoint.
tl::unexpected<Error> refused(const Provider& provider, const net::JsonAnswer& answer) {
  const auto words = error_words(answer.body);
  const auto said = provider.title + " refuses the sign-in" + (words.empty() ? "" : ": " + words);
  // Its words for what is ours to mend, and for what was the user's.
  if (answer.status >= 500 || answer.status == 429 || answer.status == 401 || words.empty())
    return fail(ErrorCode::kUnavailable,
                said + (words.empty() ? " with status " + std::to_string(answer.status) : ""));
  return fail(ErrorCode::kForbidden, said + "; begin again");
}

}  // namespace

Login::Login(std::vector<Provider> providers, account::Spent& spent, const account::Keys& keys,
             std::function<Micros()> clock)
    : spent_(spent),
      states_(keys),
      devices_(keys),
      clock_(std::move(clock)),
      all_(std::move(providers)) {}

Result<const Provider*> Login::find(const std::string& name) const {
  const auto found = std::ranges::find(all_, name, &Provider::name);
  if (found != all_.end()) return &*found;
  return fail(ErrorCode::kNotFound,
              "there is no provider '" + shown(name) + "' to sign in at; see /login");
}

Result<std::string> Login::begin(const std::string& provider, const std::string& return_to,
                                 const std::string& redirect_uri, const std::string& browser) {
  const auto known = find(provider);
  if (!known) return fail(known.error());
  const auto endpoints = (*known)->endpoints();
  if (!endpoints) return fail(endpoints.error());
  const auto pass = states_.begin({provider, own_path(return_to), clock_() + kPatience}, browser);
  const auto& url = endpoints->authorization;
  return url + (url.find('?') == url.npos ? "?" : "&") +
         query_text({{"response_type", "code"},
                     {"client_id", (*known)->client},
                     {"redirect_uri", redirect_uri},
                     {"scope", (*known)->scopes},
                     {"state", pass.state},
                     {"nonce", pass.nonce},
                     {"code_challenge", net::code_challenge(pass.verifier)},
                     {"code_challenge_method", "S256"}});
}

Result<Login::Done> Login::finish(const Back& back, const std::string& redirect_uri,
                                  const std::string& browser) {
  const auto now = clock_();
  const auto begun = states_.end(back.state, browser, now);
  if (!begun) return fail(begun.error());
  const auto& [way, pass] = *begun;
  if (way.provider != back.provider)
    return fail(ErrorCode::kForbidden,
                "this sign-in began with another provider than it ends with; begin again");
  const auto known = find(way.provider);
  if (!known) return fail(known.error());
  const auto& provider = **known;
  const auto first = spent_.spend(states_.hash_of(back.state), way.expires, now);
  if (!first) return fail(first.error());
  if (!*first) return fail(ErrorCode::kForbidden, "this sign-in was taken already; begin again");
  const auto endpoints = provider.endpoints();
  if (!endpoints) return fail(endpoints.error());
  if (back.issuer.empty() ? endpoints->names_issuer : back.issuer != provider.issuer)
    return fail(ErrorCode::kForbidden, "the answer to this sign-in is not " + provider.title +
                                           "'s own (iss); begin again");
  if (!back.error.empty() || back.code.empty()) {
    const auto words =
        error_words({{"error", back.error}, {"error_description", back.error_description}});
    return fail(ErrorCode::kForbidden,
                provider.title + " did not let you in" + (words.empty() ? "" : ": " + words));
  }
  const auto answer = ask_as_client(provider, *endpoints, endpoints->token,
                                    {{"grant_type", "authorization_code"},
                                     {"code", back.code},
                                     {"redirect_uri", redirect_uri},
                                     {"code_verifier", pass.verifier}});
  if (!answer) return fail(answer.error());
  if (answer->status != 200) return refused(provider, *answer);
  auto identity = identity_of(provider, *endpoints, answer->body, pass.nonce, now);
  if (!identity) return fail(std::move(identity).error());
  return Done{std::move(*identity), own_path(way.return_to)};
}

Result<Device> Login::begin_device(const std::string& provider) {
  if (!provider.empty()) {
    const auto known = find(provider);
    if (!known) return fail(known.error());
    const auto endpoints = (*known)->endpoints();
    if (!endpoints) return fail(endpoints.error());
    return begin_device(**known, *endpoints);
  }
  std::optional<Error> away;
  for (const auto& known : all_) {
    const auto endpoints = known.endpoints();
    if (endpoints && !endpoints->device.empty()) return begin_device(known, *endpoints);
    if (!endpoints && !away) away = endpoints.error();
  }
  if (away) return fail(*away);
  return begin_device(Provider{}, {});
}

Result<Device> Login::begin_device(const Provider& provider, const net::OpenidProvider& endpoints) {
  if (endpoints.device.empty())
    return fail(ErrorCode::kUnsupported,
                "nobody can sign in here from a terminal; make a token on the page /account, and "
                "give it to: recorte login URL --with-token");
  const auto answer =
      ask_as_client(provider, endpoints, endpoints.device, {{"scope", provider.scopes}});
  if (!answer) return fail(answer.error());
  if (answer->status != 200) return refused(provider, *answer);
  const auto& body = answer->body;
  Device out;
  const auto code = text_member(body, "device_code");
  out.user_code = text_member(body, "user_code");
  out.verification_uri = text_member(body, "verification_uri");
  out.complete_uri = text_member(body, "verification_uri_complete");
  if (code.empty() || out.user_code.empty() || out.verification_uri.empty())
    return fail(ErrorCode::kUnavailable,
                provider.title + " gave no code for a terminal; try again later");
  out.expires_s =
      std::clamp<std::int64_t>(number_member(body, "expires_in", 600), 1, kLongestDevice);
  out.interval_s =
      std::clamp<std::int64_t>(number_member(body, "interval", 5), 1, kLongestInterval);
  out.handle =
      devices_.handle({provider.name, code, clock_() + out.expires_s * kSecond, out.interval_s});
  return out;
}

Result<DevicePoll> Login::poll_device(const std::string& handle) {
  const auto now = clock_();
  const auto content = devices_.read(handle, now);
  if (!content) return fail(content.error());
  const auto known = find(content->provider);
  if (!known) return fail(known.error());
  const auto& provider = **known;
  if (!devices_.may_ask(handle, *content, now)) return DevicePoll{DevicePoll::State::kSlowDown, {}};
  const auto endpoints = provider.endpoints();
  if (!endpoints) return fail(endpoints.error());
  const auto answer = ask_as_client(provider, *endpoints, endpoints->token,
                                    {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                                     {"device_code", content->code}});
  if (!answer) return fail(answer.error());
  const auto error = text_member(answer->body, "error");
  if (error == "authorization_pending") return DevicePoll{};
  if (error == "slow_down") return DevicePoll{DevicePoll::State::kSlowDown, {}};
  if (answer->status != 200) return refused(provider, *answer);
  auto identity = identity_of(provider, *endpoints, answer->body, std::nullopt, now);
  if (!identity) return fail(std::move(identity).error());
  return DevicePoll{DevicePoll::State::kDone, std::move(*identity)};
}

}  // namespace recorte::auth
