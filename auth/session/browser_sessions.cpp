// SPDX-License-Identifier: BSD-3-Clause
#include "auth/session/browser_sessions.hpp"

#include "core/base/id.hpp"
#include "core/base/log.hpp"
#include "core/base/utf8.hpp"

#include <utility>

namespace recorte::auth {
namespace {

constexpr Micros kMinute = 60'000'000;
constexpr std::size_t kSecretBytes = 32, kIdBytes = 8, kLongestAgent = 200;

}  // namespace

BrowserSessions::BrowserSessions(account::Sessions& sessions, const account::Keys& keys,
                                 Options options)
    : sessions_(sessions), key_(keys.key("session")), options_(std::move(options)) {}

bool BrowserSessions::over(const account::Session& session, Micros now) const {
  return now >= session.expires || now - session.seen >= options_.idle;
}

Result<BrowserSessions::Opened> BrowserSessions::open(const std::string& user,
                                                      const std::string& method,
                                                      const std::string& address,
                                                      std::string_view agent) {
  const auto now = options_.clock();
  Opened out{{random_hex(kIdBytes), user, method, good_utf8(agent.substr(0, kLongestAgent)),
              address, now, now, now + options_.lifetime},
             random_hex(kSecretBytes)};
  RECORTE_TRY(sessions_.add(out.session, key_.hash_of(out.secret), now - options_.idle));
  return out;
}

Result<std::optional<account::Session>> BrowserSessions::find(std::string_view secret,
                                                              const std::string& address) {
  if (secret.size() != 2 * kSecretBytes) return std::nullopt;
  auto found = sessions_.find(key_.hash_of(secret));
  const auto now = options_.clock();
  if (!found || !*found) return found;
  auto& session = **found;
  if (over(session, now)) return std::nullopt;
  if (now - session.seen >= kMinute) {
    // That it was used is worth knowing, and not worth a refusal.
    if (const auto noted = sessions_.touch(session.id, now, address); !noted)
      log::write(log::Level::kWarn, "the use of a session was not noted: " + noted.error().message,
                 {{"session", session.id}});
    session.seen = now;
    session.address = address;
  }
  return found;
}

Result<std::vector<account::Session>> BrowserSessions::list(const std::string& user) {
  auto all = sessions_.list(user);
  if (all)
    std::erase_if(*all, [&, now = options_.clock()](const auto& each) { return over(each, now); });
  return all;
}

Result<std::optional<account::Identity>> SessionAuthenticator::identify(
    const Credentials& credentials) {
  if (credentials.kind != Credentials::Kind::kSession) return std::nullopt;
  const auto session = sessions_.find(credentials.secret, credentials.address);
  if (!session) return fail(session.error());
  if (!*session) return fail(ErrorCode::kUnauthenticated, "your session is over; sign in again");
  account::Identity out;
  out.source = account::kOwnSource;
  out.subject = out.name = (*session)->user;
  out.method = "session";
  out.credential = (*session)->id;
  return out;
}

}  // namespace recorte::auth
