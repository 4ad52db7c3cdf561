// SPDX-License-Identifier: BSD-3-Clause
//
// What a job's owner sends: times, conditions of lists, lists of positions.
#include "server/service/job_filter.hpp"
#include "server/service/job_submission.hpp"
#include "server/service/job_times.hpp"

#include <gmock/gmock.h>

namespace {

using namespace recorte;
using namespace testing;
using Pairs = std::vector<http::Parameter>;

constexpr Micros kSecond = 1'000'000;

TEST(JobTimes, ReadsInstantsToTheMicrosecond) {
  // Reading what is printed gives the same, for times that no double holds exactly.
  for (const Micros time : {Micros{1'764'361'778'123'457}, Micros{1'764'361'778'999'999},
                            Micros{4'102'444'799'000'001}, Micros{1}})
    EXPECT_EQ(service::parse_instant("AFTER", iso_time(time)), time);
  EXPECT_EQ(service::parse_instant("AFTER", "1970-01-02"), 86'400 * kSecond);
  EXPECT_EQ(service::parse_instant("AFTER", " 1970-01-01T00:00:02.5 "), 2'500'000);
  EXPECT_EQ(service::parse_instant("AFTER", "1970-01-01T01:00:00Z"), 3'600 * kSecond);
}

TEST(JobTimes, NamesWhatIsNoTime) {
  for (const auto* bad : {"", "tomorrow", "2026-13-01", "2026-12-24T25:00:00", "2026-12-24 18h",
                          "58000", "2026-12-24T18:00:00+01:00", "2026-12", "2026-12-24Z18"}) {
    const auto time = service::parse_instant("DESTRUCTION", bad);
    ASSERT_FALSE(time) << bad;
    EXPECT_EQ(time.error().code, ErrorCode::kUsage);
    EXPECT_THAT(time.error().message, AllOf(StartsWith("DESTRUCTION '" + std::string(bad)),
                                            HasSubstr("2026-12-24T18:00:00Z")));
  }
}

TEST(JobTimes, ReadsSeconds) {
  EXPECT_EQ(service::parse_seconds("EXECUTIONDURATION", "0"), 0);
  EXPECT_EQ(service::parse_seconds("EXECUTIONDURATION", "2147483647"), 2147483647);
  for (const auto* bad : {"-1", "2147483648", "1.5", "", "1h"})
    EXPECT_FALSE(service::parse_seconds("EXECUTIONDURATION", bad)) << bad;
}

TEST(JobFilter, JoinsPhasesAndReadsBounds) {
  const auto read = service::read_filter({{"phase", "QUEUED"},
                                          {"PHASE", "EXECUTING"},
                                          {"After", "1970-01-01T00:00:01Z"},
                                          {"LAST", "3"},
                                          {"other", "?"}});
  ASSERT_TRUE(read);
  EXPECT_THAT(read->filter.phases, ElementsAre(job::Phase::kQueued, job::Phase::kExecuting));
  EXPECT_EQ(read->filter.after, kSecond);
  EXPECT_EQ(read->filter.last, 3);
  EXPECT_FALSE(read->none);
}

TEST(JobFilter, KnowsThePhaseThatNoJobIsIn) {
  EXPECT_TRUE(service::read_filter({{"PHASE", "UNKNOWN"}})->none);
  EXPECT_FALSE(service::read_filter({{"PHASE", "UNKNOWN"}, {"PHASE", "HELD"}})->none);
  EXPECT_FALSE(service::read_filter({{"PHASE", "HELD"}, {"PHASE", "UNKNOWN"}})->none);
}

TEST(JobFilter, RefusesBadValues) {
  for (const Pairs& bad :
       {Pairs{{"PHASE", "queued"}}, Pairs{{"PHASE", ""}}, Pairs{{"LAST", "0"}},
        Pairs{{"LAST", "-2"}}, Pairs{{"LAST", "all"}}, Pairs{{"AFTER", "yesterday"}}}) {
    const auto read = service::read_filter(bad);
    ASSERT_FALSE(read) << bad[0].value;
    EXPECT_EQ(read.error().code, ErrorCode::kUsage);
    EXPECT_THAT(read.error().message, HasSubstr("'" + bad[0].value + "'"));
  }
  EXPECT_EQ(service::read_filter({{"LAST", "1"}, {"last", "2"}}).error().code,
            ErrorCode::kMultiValued);
  EXPECT_EQ(service::read_filter({{"AFTER", "2026-01-01"}, {"AFTER", "2026-01-02"}}).error().code,
            ErrorCode::kMultiValued);
}

TEST(JobUpload, IsTheListItself) {
  Pairs pairs{{"ID", "demo"}, {"upload", "ra,dec\n1,2\n"}};
  service::Submission out;
  ASSERT_TRUE(service::take_upload(pairs, out));
  EXPECT_EQ(out.list, "ra,dec\n1,2\n");
  EXPECT_EQ(out.list_name, "UPLOAD");
  EXPECT_EQ(pairs.size(), 1U);
}

TEST(JobUpload, NamesAPart) {
  Pairs pairs{{"UPLOAD", "mine,param:file"}, {"ID", "demo"}, {"file", "ra,dec\n1,2\n"}};
  service::Submission out;
  ASSERT_TRUE(service::take_upload(pairs, out));
  EXPECT_EQ(out.list, "ra,dec\n1,2\n");
  EXPECT_EQ(out.list_name, "mine");
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].name, "ID");
}

TEST(JobUpload, FetchesNothing) {
  const auto error_of = [](Pairs pairs) {
    service::Submission out;
    return service::take_upload(pairs, out).error();
  };
  EXPECT_THAT(error_of({{"UPLOAD", "mine,https://elsewhere.example/a.csv"}}).message,
              HasSubstr("fetched from nowhere"));
  EXPECT_THAT(error_of({{"UPLOAD", "mine,param:file"}}).message, HasSubstr("'file'"));
  EXPECT_THAT(error_of({{"UPLOAD", " \n"}}).message, HasSubstr("empty"));
  EXPECT_EQ(error_of({{"UPLOAD", "ra,dec\n1,2"}, {"UPLOAD", "ra,dec\n3,4"}}).code,
            ErrorCode::kMultiValued);
}

TEST(JobParameters, HaveALength) {
  EXPECT_TRUE(service::check_length({{"POS", std::string(1000, '1')}}));
  const auto good = service::check_length({{"POS", std::string(1U << 20, '1')}});
  ASSERT_FALSE(good);
  EXPECT_EQ(good.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(good.error().message, HasSubstr("UPLOAD"));
}

}  // namespace
