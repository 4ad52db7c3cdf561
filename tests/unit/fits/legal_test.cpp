// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/legal.hpp"

#include "fixtures.hpp"

#include <gmock/gmock.h>

namespace recorte::fits {
namespace {

using test::card;
using testing::ElementsAre;

std::vector<std::string> made_legal(const std::vector<std::string>& cards) {
  std::string all;
  for (const auto& text : cards) all += card(text);
  const auto header = legal(Header::parse(all));
  return {header.cards().begin(), header.cards().end()};
}

TEST(Legal, LeavesGoodCardsAlone) {
  const std::vector<std::string> good{"A       =                    1 / one",
                                      "B       = 'text''s'  / a comment",
                                      "C       = T",
                                      "D       = -1.5E+03",
                                      "E       = .5D-3",
                                      "F       = (1.0, -2E5)",
                                      "G       =",
                                      "H       = / only a comment",
                                      "LONG    = 'one &'",
                                      "CONTINUE  'two&'",
                                      "CONTINUE  '' / of long",
                                      "COMMENT any ' text = here",
                                      "HISTORY x",
                                      "",
                                      "HIERARCH ESO DET ID = 'x'",
                                      "K-9_X   = ''",
                                      "L       = 'closed'"};
  std::vector<std::string> wanted;
  for (const auto& text : good) wanted.push_back(card(text));
  EXPECT_EQ(made_legal(good), wanted);
}

TEST(Legal, MendsWhatIsClear) {
  EXPECT_THAT(
      made_legal({"lower   = 1", "EXP     = 1.5e-3 / small", "TIME    = 12:30:00 / of day",
                  "NAN     = NaN", "OPEN    = 'no end", "AFTER   = 'text' and more", "TIGHT   =2.5",
                  "BYTES   = 'caf\xc3\xa9'"}),
      ElementsAre(card("LOWER   = 1"), card("EXP     =               1.5E-3 / small"),
                  card("TIME    = '12:30:00'           / of day"), card("NAN     = 'NaN     '"),
                  card("OPEN    = 'no end  '"), card("AFTER   = 'text    '"), card("TIGHT   = 2.5"),
                  card("BYTES   = 'caf?"
                       "?'")));
}

TEST(Legal, KeepsTheRestAsComments) {
  EXPECT_THAT(
      made_legal({"CD1 1   = 5", "<RPIX1  = 3", "CRVAL1  E 10.0", "\x01\x02", "CONTINUE  'x'",
                  "ESO-LOG 00:00:00> DATE = 'x'"}),
      ElementsAre(card("COMMENT CD1 1   = 5"), card("COMMENT <RPIX1  = 3"),
                  card("COMMENT CRVAL1  E 10.0"), card("COMMENT ??"), card("COMMENT CONTINUE  'x'"),
                  card("COMMENT ESO-LOG 00:00:00> DATE = 'x'")));
}

TEST(Legal, IsLegalItself) {
  const auto once = made_legal(
      {"TIME    = 12:30:00", "CD1 1   = 5", "OPEN    = 'it''s &", "CONTINUE  'y'", "x.y     = 3"});
  std::string all;
  for (const auto& text : once) all += text;
  EXPECT_EQ(legal(Header::parse(all)).joined(), all);
}

}  // namespace
}  // namespace recorte::fits
