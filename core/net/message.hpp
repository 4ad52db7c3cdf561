/// A mail as it travels (RFC 5322, MIME). Whatever stands in a name or a subject, it adds no
/// header: they are encoded, and addresses that could are refused.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <string>
#include <string_view>

namespace recorte::net {

struct Mail {
  std::string from_name, from;  ///< the address alone is an address
  std::string to;
  std::string subject;  ///< UTF-8, as all texts here
  std::string body;     ///< lines end in "\n"
  std::string id;       ///< the same in each attempt at one mail
  Micros date = 0;
};

/// Lines end in CRLF and have 78 characters at most, but for addresses. kUsage where an address is
/// none.
Result<std::string> message_text(const Mail& mail);

/// An address that may stand in a header or a command of SMTP: printable ASCII of the form
/// local@domain, without quotes, blanks, brackets, commas and the like.
bool is_plain_address(std::string_view text);
/// RFC 2047, of any text: "Subject" as words in Q that are folded; itself where it is plain.
std::string encoded_words(std::string_view text);
/// RFC 2045: lines of 76 characters at most, that end in CRLF.
std::string quoted_printable(std::string_view text);
/// "Sat, 28 Nov 2026 20:43:57 +0000".
std::string mail_date(Micros time);

}  // namespace recorte::net
