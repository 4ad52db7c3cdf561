// SPDX-License-Identifier: BSD-3-Clause
//
// [auth]: who is asked, and what is granted.
#include "core/config/settings_rows.hpp"

namespace recorte::config {
namespace {

using S = Settings;
using rows::at;

}  // namespace

std::span<const Key> auth_keys() {
  static const std::vector<Key> all{
      rows::text("auth", "grants", Kind::kTexts, at<&S::auth, &AuthSettings::grants>, nullptr,
                 "sentences", "none", R"(["group des may read on survey des_y6"])",
                 "Rights, besides those that `recorte grant` gives (reference/access.md)."),
      rows::secret(
          "auth", "secret", at<&S::auth, &AuthSettings::secret>,
          R"({ file = "/etc/recorte/auth.key" })",
          "Of this service, 32 bytes at least, the same for all of its servers: what tokens, "
          "cookies and links are checked with. None: `auth.key` in `data`, which is made."),
      rows::choice("auth", "passwords", at<&S::auth, &AuthSettings::passwords>, "true",
                   "Whether users may send the password that `recorte user password` gave them, as "
                   "HTTP Basic."),
      rows::number("auth", "threads", Kind::kInteger, at<&S::auth, &AuthSettings::threads>, 1, 64,
                   "8", "Threads that look up tokens."),
      rows::number("auth", "waiting", Kind::kInteger, at<&S::auth, &AuthSettings::waiting>, 1,
                   100'000, "2000", "Requests that wait for these; past it 503."),
      rows::number("auth", "slow_threads", Kind::kInteger,
                   at<&S::auth, &AuthSettings::slow_threads>, 1, 256, "32",
                   "Threads that have passwords and providers' tokens checked."),
      rows::number("auth", "slow_waiting", Kind::kInteger,
                   at<&S::auth, &AuthSettings::slow_waiting>, 1, 100'000, "400",
                   "Requests that wait for these; past it 503, while tokens go on."),
      rows::number("auth", "tries_per_user", Kind::kInteger,
                   at<&S::auth, &AuthSettings::tries_per_user>, 0, 1'000'000, "20",
                   "Wrong passwords in a row for one user's name, wherever they come from; past it "
                   "429, also for the right one. 0 is any number."),
      rows::number(
          "auth", "tries_per_address", Kind::kInteger,
          at<&S::auth, &AuthSettings::tries_per_address>, 0, 1'000'000, "500",
          "Wrong tokens in a row, and as many passwords, that one address may send, of IPv6 its "
          "/64; past it 429 for any password and for a wrong token, while good tokens get in. 0 "
          "is any number."),
      rows::number("auth", "try_again", Kind::kDuration, at<&S::auth, &AuthSettings::try_again>,
                   rows::kSecond, rows::kHour, R"("30s")", "After which one try comes back."),
      rows::number(
          "auth", "keep_groups", Kind::kDuration, at<&S::auth, &AuthSettings::keep_groups>, 0,
          3650 * rows::kDay, R"("7d")",
          "How long the groups count that a provider or a directory told at a sign-in. 0 is "
          "for ever."),
      rows::number("auth", "links", Kind::kDuration, at<&S::auth, &AuthSettings::links>, 0,
                   365 * rows::kDay, R"("7d")",
                   "How long a link is good by which an owner shares results, at most. 0: nobody "
                   "makes any, and none is good."),
      rows::number("auth", "keep_audit", Kind::kDuration, at<&S::auth, &AuthSettings::keep_audit>,
                   0, 36500 * rows::kDay, R"("3650d")",
                   "How long the audit trail is kept. 0 is for ever."),
      rows::number("auth.session", "idle", Kind::kDuration,
                   at<&S::auth, &AuthSettings::session_idle>, 60 * rows::kSecond, 365 * rows::kDay,
                   R"("12h")",
                   "How long a browser stays signed in when nobody uses it, to a minute."),
      rows::number("auth.session", "lifetime", Kind::kDuration,
                   at<&S::auth, &AuthSettings::session_lifetime>, 60 * rows::kSecond,
                   365 * rows::kDay, R"("30d")", "How long at the latest."),
  };
  return all;
}

}  // namespace recorte::config
