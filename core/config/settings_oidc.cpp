// SPDX-License-Identifier: BSD-3-Clause
//
// [auth.oidc.NAME]: OpenID providers.
#include "core/base/text.hpp"
#include "core/config/address.hpp"
#include "core/config/settings_misfit.hpp"
#include "core/config/settings_rows.hpp"

#include <algorithm>
#include <array>

namespace recorte::config {
namespace {

constexpr std::string_view kSection = "auth.oidc.NAME";
constexpr std::string_view kTokens = "`jwt`, `opaque`, `any`";
/// Those with a public and a private key: a service that holds a shared one could make tokens.
constexpr std::array<std::string_view, 9> kAlgorithms{"RS256", "RS384", "RS512", "PS256", "PS384",
                                                      "PS512", "ES256", "ES384", "ES512"};

template <auto member>
auto& at(Settings& settings, const std::string& name) {
  return settings.oidc[name].*member;
}

tl::unexpected<Error> refuse(std::string_view text, const std::string& what) {
  return fail(ErrorCode::kUsage, "'" + std::string(text) + "' " + what);
}

/// https, but for a provider on this machine, which nobody can listen in on.
Result<std::string> parse_issuer(std::string_view text) {
  const std::string whole(trim(text));
  const auto url = parse_web_url(whole);
  if (!url || whole.find_first_of("?#@") != whole.npos)
    return refuse(text, "is no issuer; write it as its discovery has it: https://cilogon.org");
  const auto host = url->substr(url->find("://") + 3);
  const bool here = host.starts_with("127.0.0.1:") || host.starts_with("127.0.0.1/") ||
                    host.starts_with("[::1]") || host == "127.0.0.1";
  if (!url->starts_with("https://") && !here)
    return refuse(text, "is not https: whoever is on the way could sign in as anybody");
  return whole;
}

Result<std::string> parse_tokens(std::string_view text) {
  if (text == "jwt" || text == "opaque" || text == "any") return std::string(text);
  return refuse(text, "is no kind of token; write one of jwt, opaque, any");
}

Result<std::string> parse_algorithm(std::string_view text) {
  if (std::ranges::find(kAlgorithms, text) != kAlgorithms.end()) return std::string(text);
  std::string known;
  for (const auto name : kAlgorithms) known += (known.empty() ? "" : ", ") + std::string(name);
  return refuse(text, "is no algorithm that tokens may be signed with; write some of " + known);
}

Result<std::string> parse_mapping(std::string_view text) {
  const auto mark = text.rfind('=');
  if (mark == text.npos || trim(text.substr(0, mark)).empty() ||
      trim(text.substr(mark + 1)).empty())
    return refuse(text, "maps no group; write \"CO:COU:DES:members:active = des\"");
  return std::string(text);
}

constexpr Key texts(std::string_view name, Field field,
                    Result<std::string> (*check)(std::string_view), std::string_view syntax,
                    std::string_view unset, std::string_view example, std::string_view help) {
  return rows::text(kSection, name, Kind::kTexts, field, check, syntax, unset, example, help);
}

constexpr Key duration(std::string_view name, Field field, Micros high, std::string_view example,
                       std::string_view help) {
  return rows::number(kSection, name, Kind::kDuration, field, 0, high, example, help);
}

}  // namespace

std::span<const Key> oidc_keys() {
  static const std::vector<Key> all{
      rows::text(kSection, "issuer", Kind::kText, at<&OidcSettings::issuer>, parse_issuer,
                 "an https URL", "needed", R"("https://cilogon.org")",
                 "Of the provider, to the letter as it calls itself."),
      rows::text(kSection, "client", Kind::kText, at<&OidcSettings::client>, nullptr, "an id",
                 "needed", R"("cilogon:/client_id/1234")",
                 "The id by which the provider knows this service."),
      rows::secret(kSection, "secret", at<&OidcSettings::secret>,
                   R"({ env = "RECORTE_OIDC_SECRET" })",
                   "This client's secret, which opaque tokens are asked about with."),
      rows::text(kSection, "tokens", Kind::kText, at<&OidcSettings::tokens>, parse_tokens, kTokens,
                 "", R"("opaque")",
                 "The access tokens that are taken: JWTs are checked here, opaque ones by asking "
                 "the provider; `any` tells them apart by their looks."),
      rows::text(kSection, "token_prefix", Kind::kText, at<&OidcSettings::token_prefix>, nullptr,
                 "a text", "none", R"("https://cilogon.org/oauth2/")",
                 "What its opaque tokens begin with. Needed where several providers have opaque "
                 "ones: a token is shown to nobody but its provider."),
      texts("audiences", at<&OidcSettings::audiences>, nullptr, "names", "`client`",
            R"(["https://cutouts.example.org"])", "Whom a token may be for (`aud`): one of these."),
      texts("clients", at<&OidcSettings::clients>, nullptr, "ids, or `*`", "`client`",
            R"(["recorte", "notebooks"])",
            "Whom a token may have been given to (`client_id`, `azp`); `*` is anybody."),
      texts("algorithms", at<&OidcSettings::algorithms>, parse_algorithm,
            "names of RFC 7518, of signatures with a public key", "", R"(["RS256"])",
            "What JWTs may be signed with."),
      texts("scopes", at<&OidcSettings::scopes>, nullptr, "scopes", "none", R"(["recorte"])",
            "Those that a token must have, each of them."),
      texts("user", at<&OidcSettings::user_claims>, nullptr, "claims", "",
            R"(["preferred_username"])",
            "What becomes a user's name at the first sign-in: the first of these claims that "
            "there is."),
      rows::text(kSection, "name_suffix", Kind::kText, at<&OidcSettings::name_suffix>, nullptr,
                 "a text", "none", R"("@lab")",
                 "Added to each of these names, so that they are no other provider's."),
      rows::text(kSection, "email", Kind::kText, at<&OidcSettings::email_claim>, nullptr, "a claim",
                 "", R"("mail")", "Where a user's e-mail address is."),
      texts("groups", at<&OidcSettings::group_claims>, nullptr,
            "claims; `realm_access.roles` is one in another", "", R"(["groups"])",
            "Where groups are: texts, or objects with a `name`. A user of whom it says none is in "
            "none. `[]`: it says nothing of groups."),
      texts("group_map", at<&OidcSettings::group_map>, parse_mapping, "`THERE = here`",
            "the same names, of those that can be names here",
            R"(["CO:COU:DES:members:active = des"])",
            "What its groups are called here. Those that are not named count for nothing."),
      rows::choice(kSection, "login", at<&OidcSettings::login>, "false",
                   "Whether people sign in there with a browser or from a terminal "
                   "(reference/login.md). Its redirect URI is `base_url` and "
                   "`/login/callback/NAME`."),
      rows::text(kSection, "title", Kind::kText, at<&OidcSettings::title>, nullptr, "a text",
                 "the section's name", R"("CILogon")", "What people call it."),
      texts("login_scopes", at<&OidcSettings::login_scopes>, nullptr, "scopes, `openid` among them",
            "", R"(["openid", "email", "profile", "org.cilogon.userinfo"])",
            "What is asked for at a sign-in: the claims that make the user, their e-mail and "
            "groups."),
      texts("hosts", at<&OidcSettings::hosts>, nullptr, "hosts", "none",
            R"(["oauth2.googleapis.com"])",
            "Which hosts its endpoints may be on, besides the issuer's own."),
      rows::text(kSection, "ca", Kind::kPath, at<&OidcSettings::ca>, nullptr, "a path",
                 "the system's", R"("/etc/recorte/provider-ca.pem")",
                 "The certificates that its own must come from."),
      duration("leeway", at<&OidcSettings::leeway>, 300 * rows::kSecond, R"("10s")",
               "How far its clock may be from this one."),
      rows::number(kSection, "timeout", Kind::kDuration, at<&OidcSettings::timeout>,
                   rows::kSecond / 10, 60 * rows::kSecond, R"("10s")",
                   "How long one question to it may take."),
      duration("keep_verdicts", at<&OidcSettings::keep_verdicts>, rows::kHour, R"("10s")",
               "How long what it said of an opaque token counts, and so how late a revocation may "
               "be seen. 0: it is asked at each request."),
      rows::number(kSection, "keep_keys", Kind::kDuration, at<&OidcSettings::keep_keys>,
                   60 * rows::kSecond, rows::kDay, R"("10m")",
                   "How long its keys and endpoints count before they are asked for again. A new "
                   "key is found at once."),
  };
  return all;
}

std::vector<Misfit> oidc_misfits(const Settings& settings) {
  std::vector<Misfit> out;
  const auto& all = settings.oidc;
  for (auto one = all.begin(); one != all.end(); ++one) {
    const auto& [name, provider] = *one;
    const auto complain =
        [&, at = std::vector<std::string>{"auth", "oidc", name}](const std::string& sentence) {
          out.push_back({at, sentence});
        };
    if (provider.issuer.empty())
      complain("[auth.oidc." + name + R"(] names no issuer; write issuer = "https://cilogon.org")");
    if (provider.client.empty())
      complain("[auth.oidc." + name +
               "] names no client; write client = \"ID\", the id that the provider gave this "
               "service");
    for (auto other = std::next(one); other != all.end(); ++other) {
      const auto& [its_name, its] = *other;
      const auto both = "[auth.oidc." + name + "] and [auth.oidc." + its_name + "] ";
      if (!provider.issuer.empty() && provider.issuer == its.issuer)
        complain(both + "have one issuer; leave one of them");
      if (provider.tokens != "jwt" && its.tokens != "jwt" &&
          (provider.token_prefix.starts_with(its.token_prefix) ||
           its.token_prefix.starts_with(provider.token_prefix)))
        complain(both +
                 "both have opaque tokens, and a token is shown to nobody but its provider; write "
                 "tokens = \"jwt\" in one of them, or a token_prefix in each");
    }
  }
  return out;
}

}  // namespace recorte::config
