// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/message.hpp"

#include "core/base/text.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace recorte::net {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Mail mail() {
  Mail out;
  out.from_name = "Recorte";
  out.from = "recorte@example.org";
  out.to = "somebody@example.net";
  out.subject = "It is done";
  out.body = "One line.\n";
  out.id = "abc-1";
  out.date = 1'795'898'637'000'000;  // 2026-11-28T20:43:57Z
  return out;
}

TEST(Message, IsThisOne) {
  EXPECT_EQ(message_text(mail()).value(),
            "Date: Sat, 28 Nov 2026 20:43:57 +0000\r\n"
            "From: \"Recorte\"\r\n <recorte@example.org>\r\n"
            "To: somebody@example.net\r\n"
            "Subject: It is done\r\n"
            "Message-ID: <abc-1@example.org>\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "One line.\r\n");
}

/// Its headers, unfolded: as many as there are in a harmless one.
std::size_t headers(const std::string& message) {
  const auto head = message.substr(0, message.find("\r\n\r\n") + 2);
  std::size_t count = 0;
  for (std::size_t at = 0; at < head.size(); at = head.find("\r\n", at) + 2)
    if (head[at] != ' ') ++count;
  return count;
}

TEST(Message, NothingInATextAddsAHeader) {
  const auto usual = headers(message_text(mail()).value());
  for (const std::string evil :
       {"a\r\nBcc: all@example.org", "a\nBcc: all@example.org", "a\r\n\r\nbody", "a\rBcc: x",
        "=?UTF-8?Q?=0D=0ABcc:_all@example.org?=", "\"\r\n\" <x@y.z>", "a\" <x@y.z>, \"b"}) {
    for (const auto text : {&Mail::from_name, &Mail::subject, &Mail::id}) {
      auto bad = mail();
      bad.*text = evil;
      const auto message = message_text(bad).value();
      EXPECT_EQ(headers(message), usual) << message;
      EXPECT_THAT(message, Not(HasSubstr("\nBcc"))) << message;
      EXPECT_THAT(message, HasSubstr("\r\n\r\nOne line.\r\n")) << message;
    }
  }
  auto zero = mail();
  zero.subject = std::string("a\0b", 3);
  EXPECT_EQ(message_text(zero).value().find('\0'), std::string::npos);
}

TEST(Message, AddressesThatAreNoneAreRefused) {
  for (const std::string evil :
       {"", "a", "@b.org", "a@", "a@b.org\r\nBcc: c@d.org", "a@b.org> RCPT TO:<c@d.org",
        "a b@c.org", "a@b.org, c@d.org", "a@b@c.org", "\"a\"@b.org"}) {
    for (const auto address : {&Mail::from, &Mail::to}) {
      auto bad = mail();
      bad.*address = evil;
      const auto message = message_text(bad);
      ASSERT_FALSE(message) << evil;
      EXPECT_EQ(message.error().message.find('\n'), std::string::npos);
    }
  }
}

TEST(Message, WordsAreEncodedWhole) {
  EXPECT_EQ(encoded_words("Recorte: done"), "Recorte: done");
  EXPECT_EQ(encoded_words("Péché 1"), "=?UTF-8?Q?P=C3=A9ch=C3=A9_1?=");
  std::string text;
  for (int i = 0; i < 40; ++i) text += "星";
  const auto words = encoded_words(text);
  std::istringstream lines(words);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 76U) << line;
    const std::string word(trim(line));
    EXPECT_THAT(word, StartsWith("=?UTF-8?Q?="));
    EXPECT_THAT(word, EndsWith("?="));
    EXPECT_EQ((word.size() - 12) % 9, 0U) << "a character is split: " << word;
  }
}

TEST(Message, BodiesAreQuotedPrintable) {
  EXPECT_EQ(quoted_printable("a=b\n"), "a=3Db\r\n");
  EXPECT_EQ(quoted_printable("tail \nnext"), "tail=20\r\nnext\r\n");
  EXPECT_EQ(quoted_printable("é\n.\n"), "=C3=A9\r\n.\r\n");
  EXPECT_EQ(quoted_printable("a\r\nb\n"), "a=0D\r\nb\r\n");
  EXPECT_EQ(quoted_printable(""), "");
  const auto text = quoted_printable(std::string(300, 'x') + "\n");
  std::string joined;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    ASSERT_THAT(line, EndsWith("\r"));
    line.pop_back();
    EXPECT_LE(line.size(), 76U);
    if (line.ends_with('=')) line.pop_back();
    joined += line;
  }
  EXPECT_EQ(joined, std::string(300, 'x'));
}

}  // namespace
}  // namespace recorte::net
