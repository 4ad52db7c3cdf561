/// Who may be told what, and by whom ([mail], [webhook], [alert], [notify] of recorte.toml).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/config/settings.hpp"
#include "core/job/job.hpp"
#include "core/net/mail.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace recorte::notify {

struct Options {
  net::MailServer mail;  ///< no URL: no mail
  std::string from;
  std::vector<std::string> domains;  ///< lower case; "*": any
  std::filesystem::path mail_ca;
  std::vector<std::string> hosts;  ///< origins, as net::Target has them; none: no webhooks
  std::string secret;
  std::filesystem::path webhook_ca;
  std::string alert_url;  ///< "": the operator is not told
  std::int64_t attempts = 10;
  Micros pause = 60'000'000, longest_pause = 3'600'000'000;
};

/// How many one job may have told.
inline constexpr std::size_t kMostAddressees = 10;

/// Reads the secrets, once: the environment loses those that it has. kUsage where one cannot be
/// read, or something is missing that goes with what is there.
Result<Options> options_of(const config::Settings& settings);

/// Whether this mail address or URL may be told: kUsage where it is neither or that way is off,
/// kForbidden where the configuration does not list it; what may be told instead.
Status check_notify(const Options& options, const std::string& whom);
/// The values of NOTIFY (or `notify`), each once.
std::vector<std::string> addressees(const std::vector<job::Parameter>& parameters);
/// Of all of them, and how many there are.
Status check_notify(const Options& options, const std::vector<job::Parameter>& parameters);

}  // namespace recorte::notify
