/// A mail to one person, by a mail server that takes it further (SMTP).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/net/delivery.hpp"
#include "core/net/message.hpp"

#include <string>

namespace recorte::net {

struct MailServer {
  std::string url;             ///< smtp://host:587, or smtps://host:465
  bool plain = false;          ///< without TLS: for a relay on this machine. Else TLS is required
  std::string user, password;  ///< none: it is not asked who sends. Never sent without TLS
};

/// One attempt. An answer of 4xx is kLater, one of 5xx kRefused, and so is a server that offers no
/// STARTTLS.
Delivery send(const MailServer& server, const Mail& mail, const Bounds& bounds);

/// Whether it answers, and lets the user in: nothing is sent.
Delivery greet(const MailServer& server, const Bounds& bounds);

}  // namespace recorte::net
