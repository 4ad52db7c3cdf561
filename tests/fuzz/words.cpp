// SPDX-License-Identifier: BSD-3-Clause
//
// Words that admins and users write: addresses, rights, durations, names of directories' entries.
// What is taken is taken again as it is told; what was escaped means nothing.
#include "auth/ldap/filter.hpp"
#include "auth/ldap/name.hpp"
#include "core/account/grant.hpp"
#include "core/base/size.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/config/address.hpp"
#include "core/config/mail_address.hpp"
#include "core/net/message.hpp"
#include "core/sky/footprint.hpp"
#include "fuzz.hpp"

namespace recorte::fuzz {
namespace {

/// An address that was read is read as itself.
template <class Parse>
void check(Parse parse, std::string_view text) {
  const auto one = parse(text);
  if (!one) return;
  const auto two = parse(*one);
  require(two && *two == *one, "an address stays: " + *one);
}

}  // namespace

void attempt(std::string_view input) {
  const std::string text(input);
  check(config::parse_base_url, text);
  check(config::parse_web_url, text);
  check(config::parse_webhook_host, text);
  check(config::parse_mail_server, text);
  check(config::parse_origin, text);
  check(config::parse_network, text);
  check(config::parse_mail_address, text);
  check(config::parse_mail_domain, text);
  if (const auto grant = account::parse_grant(text)) {
    const auto again = account::parse_grant(account::grant_text(*grant));
    require(again && *again == *grant, "a grant reads back: " + text);
  }
  if (const auto size = parse_size(text))
    require(parse_size(size_text(*size)) == *size, "a size reads back: " + text);
  require(url_decode(url_encode(text)) == text, "what is encoded is decoded");
  const auto value = auth::ldap::filter_value(text);
  require(value.find_first_of(std::string("()*\0", 4)) == value.npos, "a value is no filter");
  (void)auth::ldap::name_parts(text);
  (void)auth::ldap::is_beneath(text, "dc=a,dc=org");
  (void)sky::parse_s_region(text);
  (void)parse_moment(text, 0);
  require(net::encoded_words(text).find_first_of("\r") == std::string::npos ||
              net::encoded_words(text).find("\r\n ") != std::string::npos,
          "a subject adds no header");
}

}  // namespace recorte::fuzz
