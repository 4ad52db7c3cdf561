// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/options.hpp"

#include "core/base/text.hpp"
#include "core/config/mail_address.hpp"
#include "core/net/url.hpp"

#include <stdlib.h>

#include <algorithm>

namespace recorte::notify {
namespace {

Status refuse(ErrorCode code, const std::string& sentence) {
  return fail(code, "NOTIFY: " + sentence);
}

bool has(const std::vector<std::string>& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

/// Workers run plugins, and have the server's environment: what was read is taken out of it.
void hide(const config::Secret& secret) {
  if (secret.from == config::Secret::From::kEnvironment) ::unsetenv(secret.name.c_str());
}

Status check_url(const Options& options, const std::string& url) {
  const auto target = net::parse_target(url);
  if (!target) return refuse(target.error().code, target.error().message);
  if (options.hosts.empty())
    return refuse(ErrorCode::kUsage, "this service tells no URLs; leave NOTIFY out");
  if (has(options.hosts, target->origin)) return {};
  return refuse(
      ErrorCode::kForbidden,
      "'" + target->origin + "' may not be told; URLs may begin with " + join(options.hosts, ", "));
}

Status check_address(const Options& options, const std::string& text) {
  const auto address = config::parse_mail_address(text);
  if (!address)
    return refuse(ErrorCode::kUsage,
                  address.error().message + ", or give a URL that begins with https://");
  if (options.mail.url.empty() || options.domains.empty())
    return refuse(ErrorCode::kUsage, "this service sends no mail; leave NOTIFY out");
  const auto domain = address->substr(address->find('@') + 1);
  if (has(options.domains, "*") || has(options.domains, domain)) return {};
  return refuse(ErrorCode::kForbidden,
                "no mail may go to '" + domain + "'; it may go to " + join(options.domains, ", "));
}

}  // namespace

Result<Options> options_of(const config::Settings& settings) {
  Options out;
  const auto& mail = settings.mail;
  auto password = config::read_secret(mail.password);
  if (!password) return fail(ErrorCode::kUsage, "[mail] password: " + password.error().message);
  auto secret = config::read_secret(settings.webhook.secret);
  if (!secret) return fail(ErrorCode::kUsage, "[webhook] secret: " + secret.error().message);
  hide(mail.password);
  hide(settings.webhook.secret);
  if (!mail.server.empty() && mail.from.empty())
    return fail(ErrorCode::kUsage,
                "[mail] has a server and no 'from'; write from = \"recorte@example.org\"");
  if (mail.user.empty() != password->empty())
    return fail(ErrorCode::kUsage,
                "[mail] has only one of 'user' and 'password'; write both or neither");
  if (mail.plain && (!mail.user.empty() || mail.server.starts_with("smtps:")))
    return fail(ErrorCode::kUsage,
                "[mail] plain = true is without TLS, and so without a user and without smtps; "
                "leave 'plain' out, or them");
  if (!settings.webhook.hosts.empty() && secret->empty())
    return fail(ErrorCode::kUsage,
                "[webhook] has hosts and no 'secret' to sign with; write secret = { file = "
                "\"PATH\" }");
  if (!settings.alert.url.empty())
    if (const auto target = net::parse_target(settings.alert.url); !target)
      return fail(ErrorCode::kUsage, "[alert] url: " + target.error().message);
  out.mail = {mail.server, mail.plain, mail.user, std::move(*password)};
  out.from = mail.from;
  out.domains = mail.domains;
  out.mail_ca = mail.ca;
  out.hosts = settings.webhook.hosts;
  out.secret = std::move(*secret);
  out.webhook_ca = settings.webhook.ca;
  out.alert_url = settings.alert.url;
  out.attempts = settings.notify.attempts;
  out.pause = settings.notify.pause;
  out.longest_pause = std::max(settings.notify.pause, settings.notify.longest_pause);
  return out;
}

Status check_notify(const Options& options, const std::string& whom) {
  return whom.find("://") != whom.npos ? check_url(options, whom) : check_address(options, whom);
}

std::vector<std::string> addressees(const std::vector<job::Parameter>& parameters) {
  std::vector<std::string> out;
  for (const auto& parameter : parameters) {
    if (!equal_ignoring_case(parameter.name, "NOTIFY")) continue;
    const std::string whom(trim(parameter.value));
    if (!whom.empty() && !has(out, whom)) out.push_back(whom);
  }
  return out;
}

Status check_notify(const Options& options, const std::vector<job::Parameter>& parameters) {
  const auto all = addressees(parameters);
  if (all.size() > kMostAddressees)
    return refuse(ErrorCode::kUsage, "a job tells " + std::to_string(kMostAddressees) +
                                         " at most, and this one has " +
                                         std::to_string(all.size()) + "; name fewer");
  for (const auto& whom : all) RECORTE_TRY(check_notify(options, whom));
  return {};
}

}  // namespace recorte::notify
