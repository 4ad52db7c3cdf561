// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/csv.hpp"

#include "core/table/visit.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>

namespace recorte::table {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Table parsed(std::string_view text) {
  auto table = parse_csv(text, "t.csv");
  EXPECT_TRUE(table) << table.error().message;
  return table ? *table : Table{};
}

std::string refused(std::string_view text, const Limits& limits = {}) {
  auto table = parse_csv(text, "t.csv", limits);
  EXPECT_FALSE(table);
  return table ? "" : table.error().message;
}

TEST(Csv, FindsTheSeparatorByLooking) {
  for (const char separator : {',', ';', '\t', '|'}) {
    std::string text = "name*ra*dec\na*1*2\n";
    std::replace(text.begin(), text.end(), '*', separator);
    const auto table = parsed(text);
    EXPECT_THAT(table.columns, ElementsAre("name", "ra", "dec")) << separator;
    ASSERT_EQ(table.rows.size(), 1U);
    EXPECT_THAT(table.rows[0], ElementsAre("a", "1", "2"));
  }
}

TEST(Csv, OneColumnAndNoEndOfLine) {
  const auto table = parsed("name\na\nb");
  EXPECT_THAT(table.columns, ElementsAre("name"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("a"), ElementsAre("b")));
}

TEST(Csv, PassesOverMarksCommentsBlanksAndCrLf) {
  const auto table =
      parsed("\xEF\xBB\xBF# of 2024\r\n\r\n name , ra\r\n# more\r\na,1\r\n\r\nb, 2 \r\n");
  EXPECT_THAT(table.columns, ElementsAre("name", "ra"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("a", "1"), ElementsAre("b", "2")));
  EXPECT_THAT(table.lines, ElementsAre(5, 7));
  EXPECT_EQ(table.where(1), "t.csv:7");
}

TEST(Csv, QuotesHoldSeparatorsQuotesAndLineEnds) {
  const auto table = parsed("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\"two\nlines\", \"\" \nlast,\n");
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("x,y", "say \"hi\""),
                                      ElementsAre("two\nlines", ""), ElementsAre("last", "")));
  EXPECT_THAT(table.lines, ElementsAre(2, 3, 5));
}

TEST(Csv, EmptyFieldsAreKept) {
  EXPECT_THAT(parsed("a;b;c\n;;\n").rows, ElementsAre(ElementsAre("", "", "")));
  EXPECT_THAT(parsed("a\tb\n\t1\n").rows, ElementsAre(ElementsAre("", "1")));
}

TEST(Csv, ErrorsNameFileAndLine) {
  EXPECT_THAT(refused("a,b\n1,2\n3\n"), HasSubstr("t.csv:3: 1 fields"));
  EXPECT_THAT(refused("a,b\n1,2,3\n"), HasSubstr("t.csv:2: 3 fields"));
  EXPECT_THAT(refused("a,b\n1,\"2\n"), HasSubstr("t.csv:2: a quoted field"));
  EXPECT_THAT(refused("a,b\n1,\"2\"x\n"), HasSubstr("t.csv:2: 'x'"));
  EXPECT_THAT(refused("a,b,a\n"), HasSubstr("'a'"));
  EXPECT_THAT(refused("# nothing\n\n"), HasSubstr("empty"));
}

TEST(Csv, BoundsAreNamed) {
  EXPECT_THAT(refused("a\n1\n2\n3\n", {.rows = 2}), HasSubstr("2 rows"));
  EXPECT_THAT(refused("a,b,c\n", {.columns = 2}), HasSubstr("at most 2"));
}

TEST(Csv, ColumnsAreFoundWhateverTheCase) {
  const auto table = parsed("TILENAME,RA_CENT\n");
  EXPECT_EQ(table.column({"ra", "ra_cent"}), 1U);
  EXPECT_FALSE(table.column({"dec"}));
}

TEST(Csv, AVisitorSeesRowsAsTheyAreReadAndMayEndIt) {
  std::vector<std::string> seen;
  RowVisitor visitor;
  visitor.columns = [&](const auto& names) -> Status {
    seen = names;
    return {};
  };
  visitor.row = [&](auto& fields, Place place) -> Status {
    if (fields[0] == "stop") return fail(ErrorCode::kUsage, "enough");
    seen.push_back(fields[0] + "@" + std::to_string(place.line));
    return {};
  };
  const auto status = visit_csv("a,b\n1,2\n\n\"x\ny\",3\nstop,4\n1,2,3\n", "t.csv", visitor);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "enough");  // and not that of the last row
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "b", "1@2", "x\ny@4"}));
}

TEST(Csv, ReadsTheTilesOfDes) {
  const auto path = recorte::test::survey_data() / "des_dr2_tiles.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here; set RECORTE_TEST_DATA";
  const auto table = read_table(path);
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->rows.size(), 10169U);
  EXPECT_EQ(table->rows[0][0], "DES0001-0541");
}

}  // namespace
}  // namespace recorte::table
