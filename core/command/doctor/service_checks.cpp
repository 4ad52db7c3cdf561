// SPDX-License-Identifier: BSD-3-Clause
//
// The server that runs, or does not, and what lies between it and its users.
#include "core/command/admin/client.hpp"
#include "core/command/doctor/checks.hpp"
#include "core/config/address.hpp"
#include "core/net/mail.hpp"
#include "core/net/web_probe.hpp"

#include <nlohmann/json.hpp>

namespace recorte::command {
namespace {

net::Bounds soon() {
  net::Bounds out;
  out.connect = 3'000'000;
  out.whole = 5'000'000;
  return out;
}

Finding check_server(const config::Settings& settings, bool& runs) {
  const auto socket = config::admin_socket(settings);
  const auto answer = ask_admin(socket, "GET", "maintenance");
  runs = answer.has_value();
  if (!answer && answer.error().code == ErrorCode::kForbidden)
    return ill("server", answer.error().message, "run this as the server's user");
  if (!answer) return ill("server", answer.error().message, "recorte serve");
  const auto& maintenance = (*answer)["maintenance"];
  if (maintenance.is_null()) return well("server", "it runs, and answers at " + socket.string());
  return ill("server", "it is in maintenance: " + maintenance.value("message", ""),
             "recorte admin maintenance off");
}

/// Those that a server which runs does not use.
Findings check_plugins_in_use(const config::Settings& settings) {
  Findings out;
  const auto answer = ask_admin(config::admin_socket(settings), "GET", "plugins");
  if (!answer) return out;
  for (const auto& plugin : answer->value("plugins", nlohmann::ordered_json::array())) {
    const auto& mark = plugin.value("out_of_use", nlohmann::ordered_json());
    if (mark.is_null()) continue;
    const auto id = plugin.value("id", ""), version = plugin.value("version", "");
    out.push_back(ill(
        "plugin " + id, version + " is out of use: " + mark.value("why", ""),
        "install another version and reload, or recorte admin plugin on " + id + " " + version));
  }
  return out;
}

/// Of the URL, the host.
std::string host_of(const std::string& url) {
  const auto scheme = url.find("://");
  const auto rest = url.substr(scheme == url.npos ? 0 : scheme + 3);
  return rest.substr(0, rest.find_first_of("/"));
}

bool is_here(const std::string& host) {
  return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
}

Finding check_base_url(const config::Settings& settings, bool runs) {
  const std::string name = "base URL";
  const auto& url = settings.server.base_url;
  const auto& listen = settings.server.listen;
  if (url.empty()) {
    if (is_here(listen))
      return well(name, "not set: as requests say; the server listens on " + listen + " alone");
    return ill(name, "not set, and the server listens on " + listen + " to others",
               "[server] base_url = \"https://HOST\": links, and those in mails, begin with it");
  }
  if (!url.starts_with("https://") && !is_here(host_of(url)))
    return ill(name, url + " is not encrypted",
               "put a proxy with a certificate in front, and write https:// "
               "(docs/how-to/run-behind-a-proxy.md)");
  if (!runs) return well(name, url + " (not asked, as no server runs)");
  if (const auto answer = net::probe_web(url + "/healthz", soon()); !answer)
    return ill(
        name, answer.error().message,
        "see that " + url + " leads to this server through the proxy, from this machine too");
  return well(name, url + " answers");
}

Finding check_authentication(const config::Settings& settings) {
  std::string others;
  for (const auto& [name, provider] : settings.oidc)
    others += (others.empty() ? " and of " : ", ") + provider.issuer;
  if (settings.auth.passwords) others += ", passwords of this service";
  if (!settings.ldap.urls.empty()) others += ", passwords of the directory";
  return well("authentication",
              "tokens of this service" + others + "; who brings none is anonymous, " +
                  (settings.anonymous.cutouts ? "may make cutouts of what is public, "
                                              : "may see nothing, ") +
                  (settings.anonymous.batch ? "and has jobs" : "and has no jobs"));
}

Finding check_mail(const config::Settings& settings) {
  const auto& mail = settings.mail;
  if (mail.server.empty()) return well("mail", "not set: nobody is told by mail");
  const auto password = config::read_secret(mail.password);
  if (!password) return ill("mail", password.error().message, "[mail] password");
  auto bounds = soon();
  bounds.ca = mail.ca;
  const auto greeted = net::greet({mail.server, mail.plain, mail.user, *password}, bounds);
  if (greeted.outcome != net::Outcome::kSent)
    return ill(
        "mail", greeted.why,
        "see that the mail server runs and lets this machine in; [mail] server, plain, user, "
        "password, ca");
  return well("mail", mail.server + " answers");
}

}  // namespace

Findings check_service(const config::Settings& settings) {
  bool runs = false;
  auto server = check_server(settings, runs);
  Findings out{std::move(server), check_base_url(settings, runs), check_authentication(settings),
               check_mail(settings)};
  if (runs)
    for (auto& each : check_plugins_in_use(settings)) out.push_back(std::move(each));
  return out;
}

}  // namespace recorte::command
