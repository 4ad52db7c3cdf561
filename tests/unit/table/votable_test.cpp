// SPDX-License-Identifier: BSD-3-Clause
#include "reading.hpp"

#include <gmock/gmock.h>

namespace recorte::table {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string votable(const std::string& fields, const std::string& data) {
  return "<?xml version='1.0'?>\n<VOTABLE><RESOURCE><TABLE>" + fields + "<DATA>" + data +
         "</DATA></TABLE></RESOURCE></VOTABLE>\n";
}
const std::string kTwo =
    "<FIELD name='id' datatype='char' arraysize='*'/><FIELD name='n' "
    "datatype='int'><VALUES null='-9'/></FIELD>";

TEST(Votable, OnlyTheFirstTableWithDataCounts) {
  const auto table = seen(
      "<v:VOTABLE xmlns:v='x'><v:RESOURCE><v:TABLE><v:FIELD name='no' datatype='int'/></v:TABLE>"
      "<v:TABLE><v:FIELD ID='a' datatype='boolean'/><v:FIELD name='b' datatype='double'/><v:DATA>"
      "<v:TABLEDATA><v:TR><v:TD>T</v:TD><v:TD> nan </v:TD></v:TR><v:TR><v:TD/><v:TD>1 "
      "</v:TD></v:TR>"
      "</v:TABLEDATA></v:DATA></v:TABLE><v:TABLE><v:FIELD name='c' datatype='int'/><v:DATA>"
      "<v:TABLEDATA><v:TR><v:TD>3</v:TD></v:TR></v:TABLEDATA></v:DATA></v:TABLE></v:RESOURCE>"
      "</v:VOTABLE>");
  EXPECT_THAT(table.columns, ElementsAre("a", "b"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("true", ""), ElementsAre("", "1")));
}

TEST(Votable, NullsAndTextInPieces) {
  const auto table = seen(votable(
      kTwo, "<TABLEDATA><TR><TD>a&amp;b\n<![CDATA[<c>]]></TD><TD>-9</TD></TR></TABLEDATA>"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("a&b\n<c>", "")));
  // "0012" and 1, "" and -9.
  const auto binary = seen(votable(
      kTwo, "<BINARY><STREAM encoding='base64'>AAAABDAwM TIAAA\nABAAAAAP////c=</STREAM></BINARY>"));
  EXPECT_THAT(binary.rows, ElementsAre(ElementsAre("0012", "1"), ElementsAre("", "")));
}

TEST(Votable, ArraysAreSeparatedByBlanks) {
  const auto table = seen(
      votable("<FIELD name='a' datatype='short' arraysize='2x*'/><FIELD name='b' datatype='bit' "
              "arraysize='3'/><FIELD name='c' datatype='unicodeChar' arraysize='2'/>",
              // 2 shorts 1, -2; bits 101; U+1F600 as a pair of surrogates
              "<BINARY2><STREAM encoding='base64'>AAAAAAIAAf/+oNg93gA=</STREAM></BINARY2>"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("1 -2", "1 0 1", "\xF0\x9F\x98\x80")));
}

TEST(Votable, WhatIsWrongIsNamed) {
  EXPECT_THAT(refused("<html><body>Sign in</body></html>"), HasSubstr("no TABLE with data"));
  EXPECT_THAT(refused("<VOTABLE>\n<TABLE>\n</VOTABLE>"), HasSubstr("t:3: its XML is broken"));
  EXPECT_THAT(refused(votable("<FIELD name='a' datatype='string'/>", "")), HasSubstr("'string'"));
  EXPECT_THAT(
      refused(votable("<FIELD name='a' datatype='int' arraysize='999999999x999999999'/>", "")),
      HasSubstr("arraysize"));
  EXPECT_THAT(refused(votable("", "<TABLEDATA/>")), HasSubstr("no FIELD"));
  EXPECT_THAT(refused(votable(kTwo, "<TABLEDATA><TR><TD>a</TD></TR></TABLEDATA>")),
              HasSubstr("t, row 1: 1 TD elements"));
  EXPECT_THAT(refused(votable(kTwo, "<BINARY><STREAM encoding='base64'>AA!A</STREAM></BINARY>")),
              HasSubstr("no base64"));
  EXPECT_THAT(
      refused(votable(kTwo, "<BINARY><STREAM encoding='base64'>AAAABDAw</STREAM></BINARY>")),
      HasSubstr("inside a row"));
  EXPECT_THAT(refused(votable(kTwo, "<BINARY><STREAM href='http://x/y'/></BINARY>")),
              HasSubstr("http://x/y"));
  EXPECT_THAT(refused(votable(kTwo, "<FITS><STREAM encoding='base64'>AA</STREAM></FITS>")),
              HasSubstr("FITS"));
  EXPECT_THAT(refused(votable(kTwo, "<TABLEDATA><TR><TD><TR>a</TR></TD></TR></TABLEDATA>")),
              HasSubstr("TR stands in another"));
  EXPECT_THAT(refused(votable(kTwo, "<DATA><TABLEDATA/></DATA>")),
              HasSubstr("DATA stands in another"));
  // Rows of nothing have no end.
  EXPECT_THAT(refused(votable("<FIELD name='a' datatype='int' arraysize='0'/>",
                              "<BINARY><STREAM encoding='base64'>AAAA</STREAM></BINARY>")),
              HasSubstr("inside a row"));
}

TEST(Votable, EntitiesAndDepthAreBounded) {
  std::string bomb = "<!DOCTYPE VOTABLE [<!ENTITY a 'lol'>";
  for (char c = 'b'; c < 'z'; ++c)
    bomb += std::string("<!ENTITY ") + c + " '&" + static_cast<char>(c - 1) + ";&" +
            static_cast<char>(c - 1) + ";'>";
  EXPECT_THAT(
      refused(bomb + "]>" +
              votable(kTwo, "<TABLEDATA><TR><TD>&y;</TD><TD/></TR></TABLEDATA>").substr(22)),
      HasSubstr("entities"));
  EXPECT_THAT(refused("<!DOCTYPE V [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><V>&x;</V>"),
              HasSubstr("entities"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_THAT(refused(deep), HasSubstr("too deeply"));
}

TEST(Votable, BoundsAreNamed) {
  const auto text = votable(
      kTwo, "<TABLEDATA><TR><TD>a</TD><TD>1</TD></TR><TR><TD>b</TD><TD>2</TD></TR></TABLEDATA>");
  EXPECT_THAT(refused(text, {.rows = 1}), HasSubstr("more than 1 rows"));
  EXPECT_THAT(refused(text, {.columns = 1}), HasSubstr("more than 1 columns"));
}

}  // namespace
}  // namespace recorte::table
