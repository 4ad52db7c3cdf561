// SPDX-License-Identifier: BSD-3-Clause
//
// Archives that are kept, and the tags of what a job has beside its products.
#include "server/service/job_archives.hpp"

#include "core/batch/ask.hpp"
#include "fake_jobs.hpp"
#include "server/service/job_files.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

namespace recorte::service {
namespace {

using namespace testing;
namespace fs = std::filesystem;
using store::ArchiveKind;

class JobArchivesTest : public Test {
 protected:
  JobArchivesTest() {
    std::string name = (fs::temp_directory_path() / "recorte-archives-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    const auto made =
        batch::expand({*batch::variants_of({{"survey", "demo"}, {"size", "9px"}}), {}},
                      "ra,dec\n1,2\n", "list", {}, directory_ / "plan");
    EXPECT_TRUE(made) << made.error().message;
    job_.id = std::string(32, 'a');
    job_.phase = job::Phase::kCompleted;
    job_.version = 7;
  }
  ~JobArchivesTest() override { fs::remove_all(directory_); }

  std::shared_ptr<const batch::Results> open() {
    auto results = batch::Results::open(directory_, {});
    EXPECT_TRUE(results);
    return *results;
  }

  fs::path directory_;
  job::Job job_;
};

TEST_F(JobArchivesTest, AreMadeOnceOfTheSameResults) {
  JobArchives archives;
  const auto results = open();
  const auto zip = *archives.get(ArchiveKind::kZip, job_, results);
  EXPECT_EQ(*archives.get(ArchiveKind::kZip, job_, results), zip);
  EXPECT_NE(*archives.get(ArchiveKind::kTar, job_, results), zip);
  EXPECT_EQ(*archives.get(ArchiveKind::kZip, job_, results), zip);
  EXPECT_NE(*archives.get(ArchiveKind::kZip, job_, open()), zip);
}

TEST_F(JobArchivesTest, AreAFewAndGoWithTheirJob) {
  JobArchives archives;
  const auto results = open();
  const std::weak_ptr<const http::Source> zip = *archives.get(ArchiveKind::kZip, job_, results);
  EXPECT_FALSE(zip.expired());
  archives.forget(job_.id);
  EXPECT_TRUE(zip.expired());

  const std::weak_ptr<const http::Source> first = *archives.get(ArchiveKind::kZip, job_, results);
  for (char c = 'b'; c < 'h'; ++c) {
    job_.id = std::string(32, c);
    ASSERT_TRUE(archives.get(ArchiveKind::kZip, job_, results));
  }
  EXPECT_TRUE(first.expired());
}

TEST_F(JobArchivesTest, ManifestsOfEndedJobsHaveATagOfTheirVersion) {
  test::FakeJobs jobs;
  const auto tag = [&](std::string_view name) {
    const auto file = job_file(jobs, name, job_, open());
    return file ? test::header(*file, "ETag") : "none";
  };
  const auto csv = tag("manifest.csv");
  EXPECT_EQ(csv, "\"aaaaaaaaaaaaaaaa-csv-7\"");
  EXPECT_NE(tag("manifest.json"), csv);
  job_.version = 8;
  EXPECT_NE(tag("manifest.csv"), csv);
  job_.phase = job::Phase::kExecuting;
  EXPECT_EQ(tag("manifest.csv"), "");
}

TEST_F(JobArchivesTest, ASizeIsGivenWhereItIsCheap) {
  test::FakeJobs jobs;
  EXPECT_GT(job_file_size(jobs, "products.tar", job_, open()), 0);
  EXPECT_EQ(job_file_size(jobs, "manifest.csv", job_, open()), -1);
}

}  // namespace
}  // namespace recorte::service
