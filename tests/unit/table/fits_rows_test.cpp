// SPDX-License-Identifier: BSD-3-Clause
#include "reading.hpp"

#include <gmock/gmock.h>

namespace recorte::table {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Cards = std::vector<std::string>;

std::string block(std::string bytes, char filler) {
  bytes.resize((bytes.size() + 2879) / 2880 * 2880, filler);
  return bytes;
}

std::string header(const Cards& cards) {
  std::string out;
  for (auto card : cards) {
    card.resize(80, ' ');
    out += card;
  }
  return block(out + "END     ", ' ');
}

std::string fits(int stride, int rows, const Cards& cards, const std::string& data,
                 std::int64_t heap = 0) {
  Cards all{"XTENSION= 'BINTABLE'",
            "BITPIX  = 8",
            "NAXIS   = 2",
            "NAXIS1  = " + std::to_string(stride),
            "NAXIS2  = " + std::to_string(rows),
            "PCOUNT  = " + std::to_string(heap),
            "GCOUNT  = 1"};
  all.insert(all.end(), cards.begin(), cards.end());
  return header({"SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0"}) + header(all) + block(data, '\0');
}

TEST(FitsRows, ScaledNumbersAndUnsignedIntegersAreExact) {
  const auto table = seen(fits(
      19, 1,
      {"TFIELDS = 5", "TTYPE1  = 'u64'", "TFORM1  = 'K'", "TZERO1  = 9223372036854775808",
       "TTYPE2  = 'u16'", "TFORM2  = '1I'", "TZERO2  = 32768", "TTYPE3  = 's8'", "TFORM3  = 'B'",
       "TZERO3  = -128", "TTYPE4  = 'half'", "TFORM4  = 'J'", "TSCAL4  = 0.5", "TZERO4  = 1",
       "TFORM5  = 'J'", "TNULL5  = -5"},
      std::string("\x7f\xff\xff\xff\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\x03\xff\xff\xff\xfb",
                  19)));
  EXPECT_THAT(table.columns, ElementsAre("u64", "u16", "s8", "half", "col5"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("18446744073709551615", "0", "-128", "2.5", "")));
}

TEST(FitsRows, ArraysAndTheHeap) {
  const std::string row(
      "\x00\x01\x00\x02\x00\x00\x00\x03\x00\x00\x00\x01"
      "ab\0x",
      16);
  const Cards cards{"TFIELDS = 3",        "TTYPE1  = 'a'", "TFORM1  = '2I'", "TTYPE2  = 'v'",
                    "TFORM2  = '1PA(3)'", "TTYPE3  = 't'", "TFORM3  = '4A'"};
  EXPECT_THAT(seen(fits(16, 1, cards, row + ".NGC", 4)).rows,
              ElementsAre(ElementsAre("1 2", "NGC", "ab")));
  auto outside = row;
  outside[8] = '\x70';
  EXPECT_THAT(refused(fits(16, 1, cards, outside + ".NGC", 4)), HasSubstr("row 1, column v"));
  // A thousand rows that point at the same place would make much of little.
  std::string rows;
  auto greedy = row;
  greedy[6] = '\x0b';
  for (int i = 0; i < 1000; ++i) rows += greedy;
  EXPECT_THAT(refused(fits(16, 1000, cards, rows + std::string(3000, 'x'), 3000)),
              HasSubstr("heap"));
}

TEST(FitsRows, TheFirstBinaryTableCounts) {
  const auto image = header({"XTENSION= 'IMAGE'", "BITPIX  = -32", "NAXIS   = 2", "NAXIS1  = 30",
                             "NAXIS2  = 30"}) +
                     block(std::string(3600, 'x'), '\0');
  auto file = fits(1, 1, {"TFIELDS = 1", "TTYPE1  = 'a'", "TFORM1  = 'A'"}, "q");
  file.insert(2880, image);
  EXPECT_THAT(seen(file).rows, ElementsAre(ElementsAre("q")));
}

TEST(FitsRows, LyingHeadersAreRefused) {
  const Cards one{"TFIELDS = 1", "TTYPE1  = 'a'", "TFORM1  = 'J'"};
  EXPECT_THAT(refused(fits(4, 1'000'000, one, "1234")), HasSubstr("before its last row"));
  EXPECT_THAT(refused(fits(2, 1, one, "1234")), HasSubstr("wider than its rows"));
  EXPECT_THAT(refused(fits(-1, -1, one, "1234")), HasSubstr("before its last row"));
  EXPECT_THAT(refused(fits(4, 1, {"TFIELDS = 5000"}, "1234")), HasSubstr("5000"));
  for (const auto* form : {"Z", "", "99999999999999999999J", "99999999999999J", "PA", "2PA", "P"})
    EXPECT_NE(refused(fits(4, 1, {"TFIELDS = 1", std::string("TFORM1  = '") + form + "'"}, "1234")),
              "")
        << form;
  EXPECT_THAT(refused(header({"SIMPLE  = T", "NAXIS   = 0"})), HasSubstr("no binary table"));
  EXPECT_THAT(refused(header({"SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 3", "NAXIS1  = 4294967296",
                              "NAXIS2  = 4294967296", "NAXIS3  = 4294967296"})),
              HasSubstr("cut off"));
  EXPECT_THAT(refused("SIMPLE  = "), HasSubstr("cut off"));
}

TEST(FitsRows, BoundsAreNamed) {
  const auto file = fits(1, 3, {"TFIELDS = 1", "TFORM1  = 'A'"}, "abc");
  EXPECT_THAT(refused(file, {.rows = 2}), HasSubstr("more than 2 rows"));
}

}  // namespace
}  // namespace recorte::table
