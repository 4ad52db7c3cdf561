// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/utf8.hpp"

#include <gtest/gtest.h>

#include <random>

namespace recorte {
namespace {

TEST(Utf8, DecodesCharactersOfEveryLength) {
  EXPECT_EQ(decode_utf8(""), U"");
  EXPECT_EQ(decode_utf8("a\nb"), U"a\nb");
  EXPECT_EQ(decode_utf8("\xc3\xa9\xe2\x80\xb3\xf0\x9f\x94\xad"), U"\u00e9\u2033\U0001f52d");
  EXPECT_EQ(decode_utf8(std::string_view("\0x", 2)), std::u32string_view(U"\0x", 2));
}

TEST(Utf8, ReplacesEachByteThatIsNoCharacter) {
  EXPECT_EQ(decode_utf8("a\xff\x80z"), U"a\ufffd\ufffdz");
  EXPECT_EQ(decode_utf8("\xc3"), U"\ufffd");                                // cut off
  EXPECT_EQ(decode_utf8("\xe2\x80q"), U"\ufffd\ufffdq");                    // interrupted
  EXPECT_EQ(decode_utf8("\xc0\xaf"), U"\ufffd\ufffd");                      // overlong
  EXPECT_EQ(decode_utf8("\xed\xa0\x80"), U"\ufffd\ufffd\ufffd");            // half a surrogate pair
  EXPECT_EQ(decode_utf8("\xf4\x90\x80\x80"), U"\ufffd\ufffd\ufffd\ufffd");  // above U+10FFFF
}

TEST(Utf8, GivesOnlyCharactersWhateverTheBytes) {
  std::mt19937 random(6);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const auto text = decode_utf8(bytes);
    EXPECT_LE(text.size(), bytes.size());
    for (const auto c : text) EXPECT_TRUE(c < 0xd800 || (c >= 0xe000 && c <= 0x10ffff));
  }
}

TEST(Utf8, PutsAQuestionMarkForWhatIsNone) {
  EXPECT_EQ(good_utf8("a\nAndr\xc3\xa9"), "a\nAndr\xc3\xa9");
  EXPECT_EQ(good_utf8("a\xff\xed\xa0\x80z\xc3"), "a????z?");
  EXPECT_EQ(good_utf8(std::string_view("a\0b", 3)), "a?b");
}

}  // namespace
}  // namespace recorte
