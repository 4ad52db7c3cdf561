// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/csv.hpp"
#include "reading.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

namespace recorte::table {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string gzipped(const std::string& text) {
  std::string out(compressBound(text.size()) + 64, '\0');
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(Visit, TheFirstBytesTellTheForm) {
  EXPECT_THAT(seen("a,b\n1,2\n").rows, ElementsAre(ElementsAre("1", "2")));
  EXPECT_THAT(seen("\xEF\xBB\xBF\n [{\"a\": 1}]").rows, ElementsAre(ElementsAre("1")));
  EXPECT_THAT(refused("\xEF\xBB\xBF <?xml version='1.0'?><V/>"), HasSubstr("XML"));
  EXPECT_THAT(refused("PK\x03\x04 a spreadsheet"), HasSubstr("no table of a known form"));
  EXPECT_THAT(refused(std::string("a\0b", 3)), HasSubstr("no table of a known form"));
}

TEST(Visit, GzipInPiecesAndBounded) {
  const auto packed = gzipped("a,b\n1,2\n");
  EXPECT_THAT(seen(packed).rows, ElementsAre(ElementsAre("1", "2")));
  EXPECT_EQ(seen(packed + gzipped("3,4\n")).rows.size(), 2U);
  EXPECT_THAT(refused(packed.substr(0, packed.size() - 9)), HasSubstr("gzip is broken"));
  EXPECT_THAT(refused(gzipped("a\n" + std::string(10'000'000, '1')), {.bytes = 100'000}),
              HasSubstr("100000 bytes"));
  EXPECT_THAT(refused(gzipped(packed)), HasSubstr("no table of a known form"));
  EXPECT_THAT(refused("a\n123\n", {.bytes = 3}), HasSubstr("at most 3"));
}

TEST(Visit, RowsOfAnotherLengthAreToldToWhoListens) {
  std::vector<std::string> told;
  RowVisitor visitor;
  visitor.columns = [](const auto&) -> Status { return {}; };
  visitor.row = [&](auto& fields, Place) -> Status {
    told.push_back(fields[0]);
    return {};
  };
  visitor.bad_row = [&](Place place, const std::string& why) -> Status {
    told.push_back(place.in("t") + " " + why.substr(0, 8));
    return {};
  };
  ASSERT_TRUE(visit_table("a,b\n1,2\n3\n4,5\n", "t", visitor));
  ASSERT_TRUE(visit_table(R"({"columns": ["a"], "rows": [[6], [7, 8]]})", "t", visitor));
  EXPECT_THAT(told, ElementsAre("1", "t:3 1 fields", "4", "6", "t, row 2 2 values"));
}

}  // namespace
}  // namespace recorte::table
