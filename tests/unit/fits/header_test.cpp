// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/header.hpp"

#include "core/fits/reserved.hpp"
#include "fixtures.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace recorte::fits {
namespace {

using test::card;
using testing::ElementsAre;

Header of(const std::vector<std::string>& cards) {
  std::string all;
  for (const auto& text : cards) all += card(text);
  return Header::parse(all);
}

TEST(Header, ParsesUpToEndAndPadsTheLastCard) {
  const auto header = Header::parse(card("A       = 1") + "B       = 2");
  ASSERT_EQ(header.cards().size(), 2U);
  EXPECT_EQ(header.cards()[1].size(), 80U);
  EXPECT_EQ(of({"A       = 1", "END", "B       = 2"}).cards().size(), 1U);
  EXPECT_EQ(of({"ENDING  = 1"}).cards().size(), 1U);
}

TEST(Header, ReadsValuesInFixedAndFreeFormat) {
  const auto header = of({"INT     =                   42 / a comment", "FREE    = -7/tight",
                          "PLUS    = +3", "FORTRAN = 1.5D+03", "LOWER   = 2.5d-1", "POINT   = 100.",
                          "TRUTH   =                    T", "NAMED   = NaN", "HEX     = 0x10",
                          "BIG     = 9223372036854775807"});
  EXPECT_EQ(header.integer("INT"), 42);
  EXPECT_EQ(header.number("INT"), 42.0);
  EXPECT_EQ(header.text("INT"), "42");
  EXPECT_EQ(header.integer("free"), -7);
  EXPECT_EQ(header.integer("PLUS"), 3);
  EXPECT_EQ(header.number("FORTRAN"), 1500.0);
  EXPECT_EQ(header.number("LOWER"), 0.25);
  EXPECT_EQ(header.number("POINT"), 100.0);
  EXPECT_EQ(header.integer("POINT"), std::nullopt);
  EXPECT_EQ(header.text("TRUTH"), "T");
  EXPECT_EQ(header.number("TRUTH"), std::nullopt);
  EXPECT_EQ(header.number("NAMED"), std::nullopt);
  EXPECT_EQ(header.number("HEX"), std::nullopt);
  EXPECT_EQ(header.integer("BIG"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(header.text("ABSENT"), std::nullopt);
}

TEST(Header, ReadsStrings) {
  const auto header = of({"A       = 'it''s  '          / said so", "B       = ''",
                          "C       = '   '", "D       = 'a / b' / slash", "E       = '12'",
                          "F       = 'open", "G       =", "H       = 'x''"});
  EXPECT_EQ(header.text("A"), "it's");
  EXPECT_EQ(header.text("B"), "");
  EXPECT_EQ(header.text("C"), "");
  EXPECT_EQ(header.text("D"), "a / b");
  EXPECT_EQ(header.number("E"), std::nullopt);
  EXPECT_EQ(header.text("F"), std::nullopt);
  EXPECT_TRUE(header.has("F"));
  EXPECT_EQ(header.text("G"), std::nullopt);
  EXPECT_EQ(header.text("H"), std::nullopt);
}

TEST(Header, JoinsContinue) {
  const auto header = of({"LONG    = 'one &'", "CONTINUE  'two  &' / first",
                          "CONTINUE  '' / second", "ALONE   = 'ends with &'", "NEXT    = 1"});
  EXPECT_EQ(header.text("LONG"), "one two");
  EXPECT_EQ(header.text("ALONE"), "ends with &");
}

TEST(Header, KnowsHierarch) {
  auto header = of({"HIERARCH ESO  DET CHIP1 = 'EEV' / maker", "HIERARCH lower = 3",
                    "HIERARCH without a value"});
  EXPECT_EQ(header.text("eso det chip1"), "EEV");
  EXPECT_EQ(header.text("HIERARCH ESO DET CHIP1"), "EEV");
  EXPECT_EQ(header.integer("LOWER"), 3);
  header.set_number("ESO DET CHIP1", 2.5);
  EXPECT_EQ(header.cards()[0], card("HIERARCH ESO DET CHIP1 =   2.5 / maker"));
  EXPECT_EQ(Header::keyword_of(header.cards()[0]), "ESO DET CHIP1");
}

TEST(Header, ReplacesInPlaceAndKeepsComments) {
  auto header = of({"A       = 1 / of a", "LONG    = 'x&'", "CONTINUE  'y' / of long",
                    "B       = 2", "A       = 3"});
  header.set_integer("a", 10);
  header.set_text("LONG", "z");
  header.set_number("B", 1, "new");
  header.set_bool("NEW", true);
  EXPECT_THAT(header.cards(),
              ElementsAre(card("A       =                   10 / of a"),
                          card("LONG    = 'z       '           / of long"),
                          card("B       =                  1.0 / new"), card("A       = 3"),
                          card("NEW     =                    T")));
}

TEST(Header, WritesNumbersThatReadBack) {
  Header header;
  for (const double value : {0.1, 1e300, -5e-324, 150.0, 1e22, 3.0e-5}) {
    header.set_number("X", value);
    EXPECT_EQ(header.number("X"), value);
    EXPECT_NE(header.text("X")->find_first_of(".E"), std::string::npos);
  }
  header.set_number("X", std::nan(""));
  EXPECT_TRUE(header.has("X"));
  EXPECT_EQ(header.text("X"), std::nullopt);
}

TEST(Header, WritesLongTextAsContinue) {
  Header header;
  std::string value;
  for (int i = 0; i < 40; ++i) value += "it's " + std::to_string(i) + "& ";
  value += "end";
  header.set_text("LONG", value, "why");
  EXPECT_GT(header.cards().size(), 4U);
  for (const auto& text : header.cards()) EXPECT_EQ(text.size(), 80U);
  EXPECT_EQ(header.text("LONG"), value);
  EXPECT_EQ(Header::parse(header.joined()).text("LONG"), value);
  for (int length = 1; length < 200; ++length) {
    const std::string quotes(static_cast<std::size_t>(length), '\'');
    header.set_text("LONG", quotes);
    EXPECT_EQ(header.text("LONG"), quotes);
  }
  header.erase("long");
  EXPECT_TRUE(header.cards().empty());
}

TEST(Header, ReplacesWhatIsNotPrintableAscii) {
  Header header;
  header.set_text("X", "caf\xc3\xa9\n", "\xb5m");
  EXPECT_EQ(header.text("X"), "caf???");
  EXPECT_EQ(header.cards()[0], card("X       = 'caf???  '           / ?m"));
}

TEST(Header, CutsAnOverlongHierarchNameRatherThanItsValue) {
  Header header;
  header.set_number(std::string(100, 'K'), -2.2250738585072014e-308);
  ASSERT_EQ(header.cards().size(), 1U);
  EXPECT_EQ(header.cards()[0].size(), 80U);
  EXPECT_THAT(header.cards()[0], testing::HasSubstr("= -2.2250738585072014E-308"));
}

TEST(Header, SplitsCommentsAtBlanks) {
  Header header;
  header.add_comment("HISTORY", "short");
  header.add_comment("COMMENT", std::string(70, 'a') + " " + std::string(10, 'b'));
  header.add_comment("HISTORY", "one\ntwo");
  EXPECT_THAT(header.cards(),
              ElementsAre(card("HISTORY short"), card("COMMENT " + std::string(70, 'a')),
                          card("COMMENT " + std::string(10, 'b')), card("HISTORY one"),
                          card("HISTORY two")));
}

TEST(Header, CarriesBrokenCardsUntouched) {
  const std::string odd = card("bro ken=\x80 'what'");
  auto header = Header::parse(odd + card("GOOD    = 1"));
  header.set_integer("GOOD", 2);
  EXPECT_EQ(header.cards()[0], odd);
}

TEST(UncompressedHeader, IsThatOfTheImage) {
  const auto header = uncompressed_header(of({"XTENSION= 'BINTABLE'",
                                              "BITPIX  = 8",
                                              "NAXIS   = 2",
                                              "NAXIS1  = 8",
                                              "NAXIS2  = 300",
                                              "PCOUNT  = 9",
                                              "GCOUNT  = 1",
                                              "TFIELDS = 1",
                                              "TTYPE1  = 'COMPRESSED_DATA'",
                                              "TFORM1  = '1PB(257)'",
                                              "ZIMAGE  = T",
                                              "ZTILE1  = 300",
                                              "ZCMPTYPE= 'RICE_1'",
                                              "ZNAME1  = 'BLOCKSIZE'",
                                              "ZVAL1   = 32",
                                              "EXTNAME = 'COMPRESSED_IMAGE'",
                                              "ZBITPIX = 16",
                                              "ZNAXIS  = 2",
                                              "ZNAXIS1 = 300",
                                              "ZNAXIS2 = 200",
                                              "ZBLANK  = -1",
                                              "ZEROPT  = 25.5",
                                              "CHECKSUM= 'abc'",
                                              "DATASUM = '1'",
                                              "ZHECKSUM= 'abc'",
                                              "OBJECT  = 'M13'"}));
  EXPECT_EQ(header.text("XTENSION"), "IMAGE");
  EXPECT_EQ(header.integer("BITPIX"), 16);
  EXPECT_EQ(header.integer("NAXIS2"), 200);
  EXPECT_EQ(header.integer("PCOUNT"), 0);
  EXPECT_EQ(header.integer("BLANK"), -1);
  EXPECT_EQ(header.number("ZEROPT"), 25.5);
  EXPECT_EQ(header.text("OBJECT"), "M13");
  EXPECT_EQ(header.cards().size(), 10U);
}

}  // namespace
}  // namespace recorte::fits
