// SPDX-License-Identifier: BSD-3-Clause
//
// [auth.ldap]: a directory.
#include "core/config/settings_ldap.hpp"

#include "core/base/text.hpp"
#include "core/config/address.hpp"
#include "core/config/settings_rows.hpp"

#include <algorithm>

namespace recorte::config {
namespace {

using S = Settings;
using L = LdapSettings;
using rows::at;
using rows::choice;
using rows::number;
using rows::secret;
using rows::text;

auto refuse(std::string_view text, std::string_view what) {
  return fail(ErrorCode::kUsage, "'" + std::string(text) + "' " + std::string(what));
}

/// One filter of RFC 4515, as far as its parentheses go.
bool is_filter(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (depth < 0 || (depth == 0 && i + 1 < text.size())) return false;
  }
  return text.starts_with('(') && depth == 0 && text.size() > 2;
}

/// Each {…} in it is one of `known`, and one of them is there.
bool has_only(std::string_view text, const std::vector<std::string>& known) {
  std::size_t found = 0;
  for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == text.npos) return false;
    const auto word = text.substr(open + 1, close - open - 1);
    if (std::ranges::find(known, word) == known.end()) return false;
    ++found;
  }
  return found > 0;
}

Result<std::string> check_user_filter(std::string_view given) {
  const auto whole = trim(given);
  if (!is_filter(whole) || !has_only(whole, {"user"}))
    return refuse(given,
                  "is not a filter with {user} in it; write it in parentheses, as "
                  "(&(objectClass=person)(uid={user}))");
  return std::string(whole);
}

Result<std::string> check_group_filter(std::string_view given) {
  const auto whole = trim(given);
  if (!is_filter(whole) || !has_only(whole, {"user", "dn"}))
    return refuse(given,
                  "is not a filter with {dn} or {user} in it; write it in parentheses, as "
                  "(member={dn})");
  return std::string(whole);
}

Result<std::string> check_group_name(std::string_view given) {
  const auto whole = trim(given);
  if (!has_only(whole, {"name"}))
    return refuse(given, "has no {name} in it; write it as ldap-{name}");
  return std::string(whole);
}

/// RFC 4512, 2.5: letters, digits and hyphens, or numbers with dots, and options behind ";".
Result<std::string> check_attribute(std::string_view given) {
  constexpr std::string_view kMay =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.;";
  const auto whole = trim(given);
  if (whole.empty() || whole.find_first_not_of(kMay) != whole.npos)
    return refuse(given, "is no name of an attribute; write it as uid");
  return std::string(whole);
}

/// RFC 4514, as far as it is told from a mistake.
Result<std::string> check_dn(std::string_view given) {
  const auto whole = trim(given);
  if (whole.find('=') == whole.npos)
    return refuse(given, "is no name of an entry; write it as ou=people,dc=example,dc=org");
  return std::string(whole);
}

}  // namespace

Result<std::string> parse_ldap_url(std::string_view given) {
  const auto whole = lower(trim(given));
  const auto mark = whole.find("://");
  const auto scheme = whole.substr(0, mark == whole.npos ? 0 : mark);
  auto rest = whole.substr(mark == whole.npos ? 0 : mark + 3);
  if (rest.ends_with('/')) rest.pop_back();
  const bool has_port = rest.rfind(':') != rest.npos && !rest.ends_with(']');
  const auto place = parse_host_port(has_port ? rest : rest + ":389");
  if ((scheme != "ldap" && scheme != "ldaps") || !place || place->port == 0)
    return refuse(given,
                  "is not a directory's URL; write scheme and host alone, as "
                  "ldap://ldap.example.org or ldaps://ldap.example.org:636");
  return scheme + "://" + rest;
}

bool is_loopback_url(std::string_view url) {
  auto rest = url.substr(std::min(url.size(), url.find("://") + 3));
  rest = rest.substr(0, rest.starts_with('[') ? rest.find(']') + 1 : rest.find(':'));
  return rest == "localhost" || rest == "[::1]" ||
         (rest.starts_with("127.") && rest.find_first_not_of("0123456789.") == rest.npos);
}

std::optional<LdapComplaint> complaint_about(const LdapSettings& settings) {
  const auto& s = settings;
  if (s.urls.empty())
    return s.base.empty() ? std::nullopt
                          : std::optional<LdapComplaint>(
                                {"base", "there is a base, and no directory to ask; write urls"});
  if (s.base.empty())
    return LdapComplaint{"urls",
                         "a directory needs a base beneath which its users are; write "
                         "base = \"ou=people,dc=example,dc=org\""};
  if (s.bind.empty() != !s.secret.given())
    return LdapComplaint{s.bind.empty() ? "secret" : "bind",
                         "'bind' and 'secret' go together: who searches, and the password of that "
                         "account; write both, or neither"};
  if (!s.plain) return {};
  const auto away = std::ranges::find_if_not(s.urls, is_loopback_url);
  if (away != s.urls.end())
    return LdapComplaint{"plain", "passwords would go to " + *away +
                                      " in clear; write plain = false, or the URL of a directory "
                                      "on this machine"};
  return {};
}

std::span<const Key> ldap_keys() {
  static const std::vector<Key> all{
      text(
          "auth.ldap", "urls", Kind::kTexts, at<&S::ldap, &L::urls>, parse_ldap_url,
          "`ldap://HOST` or `ldaps://HOST`, with `:PORT`", "there is none",
          R"(["ldap://ldap.example.org", "ldap://ldap2.example.org"])",
          "The directory. `ldap` asks for TLS (StartTLS), `ldaps` begins with it. Several hold the "
          "same: the next is asked where one does not answer."),
      choice("auth.ldap", "plain", at<&S::ldap, &L::plain>, "false",
             "Whether passwords go there without TLS: only to a directory on this machine."),
      text("auth.ldap", "ca", Kind::kPath, at<&S::ldap, &L::ca>, nullptr, "a file",
           "those of the system", R"("/etc/recorte/ldap-ca.pem")",
           "The certificates that the directory's must come from."),
      text("auth.ldap", "bind", Kind::kText, at<&S::ldap, &L::bind>, check_dn, "an entry's name",
           "it is searched without signing in", R"("cn=recorte,ou=services,dc=example,dc=org")",
           "The account that searches."),
      secret("auth.ldap", "secret", at<&S::ldap, &L::secret>,
             R"({ file = "/etc/recorte/ldap-secret" })", "The password of that account."),
      text("auth.ldap", "base", Kind::kText, at<&S::ldap, &L::base>, check_dn, "an entry's name",
           "needed with `urls`", R"("ou=people,dc=example,dc=org")", "Users are beneath it."),
      text("auth.ldap", "filter", Kind::kText, at<&S::ldap, &L::filter>, check_user_filter,
           "a filter (RFC 4515) with `{user}`", "",
           R"x("(&(objectClass=person)(uid={user})(!(pwdAccountLockedTime=*)))")x",
           "Who may sign in by the name that stands for `{user}`. Exactly one entry, or nobody."),
      text("auth.ldap", "user", Kind::kText, at<&S::ldap, &L::user>, check_attribute,
           "an attribute", "", R"("sAMAccountName")", "Their name here."),
      text("auth.ldap", "subject", Kind::kText, at<&S::ldap, &L::subject>, check_attribute,
           "an attribute", "the entry's name, in lower case", R"("entryUUID")",
           "What they are known by for ever, whatever their name becomes: `objectGUID` of Active "
           "Directory."),
      text("auth.ldap", "email", Kind::kText, at<&S::ldap, &L::email>, check_attribute,
           "an attribute", "", R"("mail")", "Their e-mail address."),
      text("auth.ldap", "groups", Kind::kText, at<&S::ldap, &L::groups>, check_attribute,
           "an attribute, or `none`", "", R"("isMemberOf")",
           "Of the user's entry: the groups that it says. With `group_base`, those beneath it."),
      text("auth.ldap", "group_base", Kind::kText, at<&S::ldap, &L::group_base>, check_dn,
           "an entry's name", "no group is searched for", R"("ou=groups,dc=example,dc=org")",
           "Groups are beneath it."),
      text("auth.ldap", "group_filter", Kind::kText, at<&S::ldap, &L::group_filter>,
           check_group_filter, "a filter with `{dn}` or `{user}`", "",
           R"x("(&(objectClass=groupOfUniqueNames)(uniqueMember={dn}))")x",
           "Of a group that the user with that entry, or that name, is in."),
      text("auth.ldap", "group", Kind::kText, at<&S::ldap, &L::group>, check_attribute,
           "an attribute", "", R"("cn")", "A group's name there."),
      text("auth.ldap", "group_name", Kind::kText, at<&S::ldap, &L::group_name>, check_group_name,
           "a text with `{name}`", "", R"("ldap-{name}")", "And its name here."),
      number("auth.ldap", "timeout", Kind::kDuration, at<&S::ldap, &L::timeout>, rows::kSecond / 10,
             60 * rows::kSecond, R"("5s")",
             "How long one of `urls` may take for everything about one password; then the next is "
             "asked, and after the last it is 503."),
      number("auth.ldap", "cache", Kind::kDuration, at<&S::ldap, &L::cache>, 0, rows::kHour,
             R"("5m")",
             "How long the directory is not asked again about a password that was right; one that "
             "was wrong, 10 s at most. 0 asks each time."),
      number("auth.ldap", "connections", Kind::kInteger, at<&S::ldap, &L::connections>, 1, 256, "8",
             "Passwords that are asked about at once, and connections kept for that."),
  };
  return all;
}

}  // namespace recorte::config
