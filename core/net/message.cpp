// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/message.hpp"

#include "core/base/utf8.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <vector>

namespace recorte::net {
namespace {

constexpr std::string_view kAlphanumeric =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t kLongestSubject = 200;

bool only(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text, [&](char c) {
    return kAlphanumeric.find(c) != kAlphanumeric.npos || more.find(c) != more.npos;
  });
}

std::string escaped(unsigned char byte) {
  constexpr char kHex[] = "0123456789ABCDEF";
  return {'=', kHex[byte >> 4], kHex[byte & 15]};
}

/// Whether a byte of good UTF-8 goes on a character.
bool goes_on(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

/// The text's first characters, at most so many bytes.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && goes_on(text[most])) --most;
  return text.substr(0, most);
}

/// Good UTF-8 without control characters.
std::string one_line(std::string_view text) {
  auto out = good_utf8(text);
  std::ranges::replace_if(
      out, [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  return out;
}

/// What may stand in a Message-ID beside the @.
std::string id_part(std::string_view text) {
  std::string out(text.substr(0, 100));
  std::ranges::replace_if(
      out, [](char c) { return kAlphanumeric.find(c) == kAlphanumeric.npos && c != '-'; }, '-');
  return out;
}

}  // namespace

bool is_plain_address(std::string_view text) {
  const auto at = text.find('@');
  if (at == text.npos || at == 0 || at + 1 == text.size() || text.size() > 254) return false;
  return only(text.substr(0, at), ".!#$%&'*+-/=?^_`{|}~") && only(text.substr(at + 1), ".-");
}

std::string encoded_words(std::string_view text) {
  constexpr std::string_view kOpen = "=?UTF-8?Q?", kClose = "?=";
  constexpr std::size_t kWord = 64;  // of 75 that a word may have, and of 78 the line
  const auto line = one_line(text);
  const bool plain = line.size() <= kWord && line.find("=?") == line.npos &&
                     std::ranges::all_of(line, [](unsigned char c) { return c < 0x80; });
  if (plain) return line;
  std::vector<std::string> words{""};
  for (std::size_t i = 0; i < line.size();) {
    std::string character;  // never split between two words
    do {
      const auto c = line[i++];
      if (c == ' ')
        character += '_';
      else if (kAlphanumeric.find(c) != kAlphanumeric.npos)
        character += c;
      else
        character += escaped(static_cast<unsigned char>(c));
    } while (i < line.size() && goes_on(line[i]));
    if (kOpen.size() + words.back().size() + character.size() + kClose.size() > kWord)
      words.emplace_back();
    words.back() += character;
  }
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += "\r\n ";
    out += std::string(kOpen) + word + std::string(kClose);
  }
  return out;
}

std::string quoted_printable(std::string_view text) {
  constexpr std::size_t kLine = 75;  // and the '=' of a line that goes on
  const auto good = good_utf8(text);
  std::string out;
  std::size_t length = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    const auto c = static_cast<unsigned char>(good[i]);
    if (c == '\n') {
      out += "\r\n";
      length = 0;
      continue;
    }
    const bool last = i + 1 == good.size() || good[i + 1] == '\n';
    const bool plain = c > ' ' && c < 0x7F && c != '=';
    const auto piece = plain || (c == ' ' && !last) ? std::string(1, good[i]) : escaped(c);
    if (length + piece.size() > kLine) {
      out += "=\r\n";
      length = 0;
    }
    out += piece;
    length += piece.size();
  }
  return length > 0 ? out + "\r\n" : out;
}

std::string mail_date(Micros time) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(time / 1'000'000);
  std::tm t{};
  ::gmtime_r(&seconds, &t);
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::string(kDays.at(static_cast<std::size_t>(t.tm_wday))) + ", " + two(t.tm_mday) + " " +
         kMonths.at(static_cast<std::size_t>(t.tm_mon)) + " " + std::to_string(t.tm_year + 1900) +
         " " + two(t.tm_hour) + ":" + two(t.tm_min) + ":" + two(t.tm_sec) + " +0000";
}

Result<std::string> message_text(const Mail& mail) {
  for (const auto& address : {mail.from, mail.to})
    if (!is_plain_address(address))
      return fail(ErrorCode::kUsage, "'" + one_line(cut(good_utf8(address), 100)) +
                                         "' is no mail address; write it as name@example.org");
  const auto header = [](const std::string& name, const std::string& value) {
    return name + ": " + value + "\r\n";
  };
  auto name = encoded_words(cut(good_utf8(mail.from_name), kLongestSubject));
  if (name == mail.from_name &&
      !name.empty()) {  // plain: quoted, so that its dots count for nothing
    std::erase_if(name, [](char c) { return c == '"' || c == '\\'; });
    name = '"' + name + '"';
  }
  const auto host = mail.from.substr(mail.from.find('@') + 1);
  return header("Date", mail_date(mail.date)) +
         header("From", name.empty() ? mail.from : name + "\r\n <" + mail.from + ">") +
         header("To", mail.to) +
         header("Subject", encoded_words(cut(good_utf8(mail.subject), kLongestSubject))) +
         header("Message-ID", "<" + id_part(mail.id) + "@" + host + ">") +
         // Nobody's absence is to be answered (RFC 3834).
         header("Auto-Submitted", "auto-generated") + header("MIME-Version", "1.0") +
         header("Content-Type", "text/plain; charset=utf-8") +
         header("Content-Transfer-Encoding", "quoted-printable") + "\r\n" +
         quoted_printable(mail.body);
}

}  // namespace recorte::net
