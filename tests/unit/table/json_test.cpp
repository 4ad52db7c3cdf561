// SPDX-License-Identifier: BSD-3-Clause
#include "reading.hpp"

#include <gmock/gmock.h>

namespace recorte::table {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(JsonRows, ObjectsNeedNotHaveTheSameKeys) {
  const auto table =
      seen(R"([{"id": "0012", "ra": 1.50}, {}, {"dec": -2e1, "id": 12345678901234567890,
                               "bands": ["g", "r"], "note": null, "ok": true}])");
  EXPECT_THAT(table.columns, ElementsAre("id", "ra", "dec", "bands", "note", "ok"));
  EXPECT_THAT(
      table.rows,
      ElementsAre(ElementsAre("0012", "1.50", "", "", "", ""), ElementsAre("", "", "", "", "", ""),
                  ElementsAre("12345678901234567890", "", "-2e1", "g,r", "", "true")));
  EXPECT_THAT(table.places, ElementsAre("t, row 1", "t, row 2", "t, row 3"));
}

TEST(JsonRows, ColumnsMayComeBeforeOrAfterRows) {
  for (const auto* text :
       {R"({"columns": ["a", "b"], "rows": [[1, "x"], [null, 2]]})",
        R"({"rows": [[1, "x"], [null, 2]], "more": {"a": [{}]}, "columns": ["a", "b"]})"}) {
    const auto table = seen(text);
    EXPECT_THAT(table.columns, ElementsAre("a", "b"));
    EXPECT_THAT(table.rows, ElementsAre(ElementsAre("1", "x"), ElementsAre("", "2")));
  }
}

TEST(JsonRows, PositionsInWhateverElse) {
  const auto table = seen(R"( {"survey": "demo", "positions": [{"ra": 1}], "rest": [1, [2]]} )");
  EXPECT_THAT(table.columns, ElementsAre("ra"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("1")));
  EXPECT_TRUE(seen("[]").rows.empty());
}

TEST(JsonRows, WhatIsWrongIsNamed) {
  EXPECT_THAT(refused("{\"a\": 1}"), HasSubstr("it has no rows"));
  EXPECT_THAT(refused("[1]"), HasSubstr("no objects"));
  EXPECT_THAT(refused("[{\"a\": 1}, {\"a\": {}}]"), HasSubstr("t, row 2: a value is an object"));
  EXPECT_THAT(refused("[{\"a\": [[1]]}]"), HasSubstr("t, row 1: an array holds another"));
  EXPECT_THAT(refused("[{\"a\": 1},"), HasSubstr("parse error at line 1, column 11"));
  EXPECT_THAT(refused("[{\"a\": \"\xff\"}]"), HasSubstr("UTF-8"));
  EXPECT_THAT(refused(R"({"columns": ["a", "a"], "rows": []})"), HasSubstr("'a'"));
  EXPECT_THAT(refused(R"({"columns": ["a"], "rows": [[1], [1, 2]]})"),
              HasSubstr("t, row 2: 2 values where \"columns\" names 1"));
  EXPECT_THAT(refused("{\"x\": " + std::string(1000, '[')), HasSubstr("too deeply"));
}

TEST(JsonRows, BoundsAreNamed) {
  EXPECT_THAT(refused("[{}, {}, {}]", {.rows = 2}), HasSubstr("more than 2 rows"));
  EXPECT_THAT(refused(R"([{"a": 1, "b": 2}, {"c": 3}])", {.columns = 2}),
              HasSubstr("more than 2 different columns"));
}

}  // namespace
}  // namespace recorte::table
