// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

namespace recorte {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Text, TrimsEveryKindOfBlank) {
  EXPECT_EQ(trim(" \t\r\n a b \f\v"), "a b");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, CaseIsThatOfAsciiAlone) {
  EXPECT_EQ(lower("Ab-Z\xC3\x84"), "ab-z\xC3\x84");
  EXPECT_EQ(upper("aB-z\xC3\xA4"), "AB-Z\xC3\xA4");
  EXPECT_TRUE(equal_ignoring_case("NaXiS1", "naxis1"));
  EXPECT_FALSE(equal_ignoring_case("naxis", "naxis1"));
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
}

TEST(Text, SplitKeepsEmptyFieldsAndTrims) {
  EXPECT_THAT(split("a, b ,,c,", ','), ElementsAre("a", "b", "", "c", ""));
  EXPECT_THAT(split("", ','), IsEmpty());
  EXPECT_THAT(split(",", ','), ElementsAre("", ""));
  EXPECT_THAT(split(" a ", ','), ElementsAre("a"));
}

TEST(Text, SplitBlanksTakesRuns) {
  EXPECT_THAT(split_blanks("  1 \t 2\n3 "), ElementsAre("1", "2", "3"));
  EXPECT_THAT(split_blanks(" \t"), IsEmpty());
}

TEST(Text, JoinUndoesSplit) {
  for (const std::string text : {"a,b", "a", ",", "a,,b,"})
    EXPECT_EQ(join(split(text, ','), ","), text);
  EXPECT_EQ(join({}, ","), "");
}

TEST(Text, NumbersAreTheWholeTextOrNone) {
  EXPECT_EQ(to_double(" -1.5e3\t"), -1500);
  EXPECT_EQ(to_double("+2"), 2);
  EXPECT_EQ(to_int("+9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_TRUE(std::isinf(to_double("-inf").value()));
  EXPECT_TRUE(std::isnan(to_double("nan").value()));
  for (const auto* text :
       {"", " ", "1x", "x1", "+-1", "++1", "-+1", "1 2", "0x10", "1,5", "1e999", "+", "-"})
    EXPECT_FALSE(to_double(text)) << text;
  for (const auto* text : {"", "1.0", "1e3", "9223372036854775808", "--1"})
    EXPECT_FALSE(to_int(text)) << text;
}

TEST(Text, NumberTextReadsBackToTheSameBits) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (std::isnan(value)) continue;
    const auto read = to_double(number_text(value));
    ASSERT_TRUE(read);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(*read), std::bit_cast<std::uint64_t>(value));
  }
  EXPECT_EQ(number_text(150.1), "150.1");
  EXPECT_EQ(number_text(-0.0), "-0");
  EXPECT_EQ(number_text(1e300), "1e+300");
}

TEST(Url, EveryByteComesBack) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  const auto encoded = url_encode(all);
  EXPECT_TRUE(std::ranges::all_of(encoded, [](unsigned char c) { return c > ' ' && c < 0x7F; }));
  for (const char c : {'&', '=', '#', '?', ' '}) EXPECT_EQ(encoded.find(c), encoded.npos) << c;
  EXPECT_EQ(url_decode(encoded), all);
}

TEST(Url, StaysReadableWhereItMay) {
  EXPECT_EQ(url_encode("a-Z_0.~,:/"), "a-Z_0.~,:/");
  EXPECT_EQ(url_encode("150.1 2.2+x&y=%"), "150.1+2.2%2Bx%26y%3D%25");
}

TEST(Url, BrokenEscapesAreRefused) {
  for (const auto* text : {"%", "%4", "a%", "%4g", "%g4", "%+1", "%-1", "% 1", "%0x"})
    EXPECT_FALSE(url_decode(text)) << text;
  EXPECT_EQ(url_decode("%4a%4A+"), "JJ ");
}

TEST(NaturalOrder, CountsRunsOfDigits) {
  std::vector<std::string> names{"r10", "r9", "r",    "r09b",  "R1",
                                 "r1a", "r1", "r100", "a2b10", "a2b9"};
  std::ranges::sort(names, natural_less);
  EXPECT_THAT(names,
              ElementsAre("R1", "a2b9", "a2b10", "r", "r1", "r1a", "r9", "r09b", "r10", "r100"));
  EXPECT_TRUE(natural_less("x99999999999999999999998", "x99999999999999999999999"));
  EXPECT_FALSE(natural_less("x1", "x1"));
}

TEST(NaturalOrder, IsAStrictWeakOrder) {
  std::mt19937 random(2);
  std::vector<std::string> names(60);
  for (auto& name : names)
    for (int i = random() % 6; i > 0; --i) name += "01a9_"[random() % 5];
  for (const auto& a : names)
    for (const auto& b : names) {
      EXPECT_FALSE(natural_less(a, b) && natural_less(b, a)) << a << " " << b;
      for (const auto& c : names) {
        const bool less = natural_less(a, b) && natural_less(b, c);
        EXPECT_TRUE(!less || natural_less(a, c)) << a << " " << b << " " << c;
        const bool same = !natural_less(a, b) && !natural_less(b, a) && !natural_less(b, c) &&
                          !natural_less(c, b);
        EXPECT_TRUE(!same || (!natural_less(a, c) && !natural_less(c, a)))
            << a << " " << b << " " << c;
      }
    }
}

TEST(DidYouMean, NamesTheNearest) {
  const std::vector<std::string> known{"survey", "release", "ra", "dec", "size"};
  EXPECT_EQ(did_you_mean("survy", known), "survey");
  EXPECT_EQ(did_you_mean("SIZE", known), "size");
  EXPECT_EQ(did_you_mean(std::string(30'000'000, 's'), known), "") << "and takes no memory for it";
  EXPECT_EQ(did_you_mean("relaese", known), "release");
  EXPECT_EQ(did_you_mean("wavelength", known), "");
  EXPECT_EQ(did_you_mean("x", {}), "");
}

}  // namespace
}  // namespace recorte
