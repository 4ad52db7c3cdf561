// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/mail.hpp"

#include "core/net/transfer.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace recorte::net {
namespace {

/// curl's reader of what is sent.
std::size_t give(char* to, std::size_t size, std::size_t count, void* rest) {
  auto& text = *static_cast<std::string_view*>(rest);
  const auto n = std::min(size * count, text.size());
  std::memcpy(to, text.data(), n);
  text.remove_prefix(n);
  return n;
}

void go_to(Transfer& transfer, const MailServer& server) {
  transfer.set(CURLOPT_URL, server.url.c_str());
  transfer.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  transfer.set(CURLOPT_USE_SSL, static_cast<long>(server.plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!server.plain && !server.user.empty()) {
    transfer.set(CURLOPT_USERNAME, server.user.c_str());
    transfer.set(CURLOPT_PASSWORD, server.password.c_str());
  }
}

Delivery outcome_of(const Transfer& transfer, CURLcode code, const MailServer& server) {
  if (code == CURLE_OK) return {};
  const auto status = transfer.status();
  const auto said = server.url + (status >= 400 ? " answered " + std::to_string(status) : "") +
                    ": " + transfer.why(code);
  if (status >= 500) return {Outcome::kRefused, said};
  if (status >= 400) return {Outcome::kLater, said};
  if (is_connection_failure(code)) return {Outcome::kAway, said};
  return {Outcome::kRefused, said};
}

}  // namespace

Delivery greet(const MailServer& server, const Bounds& bounds) {
  Transfer transfer(bounds);
  go_to(transfer, server);
  transfer.set(CURLOPT_NOBODY, 1L);
  transfer.set(CURLOPT_CUSTOMREQUEST, "NOOP");
  const auto code = transfer.run();
  return outcome_of(transfer, code, server);
}

Delivery send(const MailServer& server, const Mail& mail, const Bounds& bounds) {
  const auto text = message_text(mail);
  if (!text) return {Outcome::kRefused, text.error().message};
  Transfer transfer(bounds);
  go_to(transfer, server);
  Lines to;
  add_line(to, "<" + mail.to + ">");
  transfer.set(CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  transfer.set(CURLOPT_MAIL_RCPT, to.get());
  std::string_view rest = *text;
  transfer.set(CURLOPT_UPLOAD, 1L);
  transfer.set(CURLOPT_READFUNCTION, &give);
  transfer.set(CURLOPT_READDATA, &rest);
  transfer.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(text->size()));
  const auto code = transfer.run();
  return outcome_of(transfer, code, server);
}

}  // namespace recorte::net
