// SPDX-License-Identifier: BSD-3-Clause
#include "server/uws/documents.hpp"

#include "server/service/jobs.hpp"

#include <gmock/gmock.h>
#include <pugixml.hpp>

#include <stdexcept>

namespace recorte::uws {
namespace {

using namespace testing;

/// A document, whose root is asked.
struct Read {
  explicit Read(const std::string& text) {
    if (!document.load_string(text.c_str())) throw std::runtime_error("no XML: " + text);
    root = document.first_child();
  }
  std::string text(const char* name) const { return root.child(name).text().get(); }
  pugi::xml_document document;
  pugi::xml_node root;
};

std::vector<std::string> names(pugi::xml_node node) {
  std::vector<std::string> out;
  for (const auto child : node.children()) out.emplace_back(child.name());
  return out;
}

job::Job job() {
  job::Job out;
  out.id = "j1";
  out.phase = job::Phase::kError;
  out.run_id = "night 12";
  out.created = 1'764'361'778'123'456;
  out.started = out.created + 1;
  out.ended = out.created + 2;
  out.quote = out.created + 3;
  out.destruction = out.created + 4;
  out.execution_seconds = 60;
  out.parameters = {{"ID", "demo"}, {"POS", "CIRCLE 1 2 <3>"}};
  out.list = "mine";
  out.error = Error{ErrorCode::kUnavailable, "the disk is full & slow"};
  return out;
}

TEST(JobDocument, HasItsElementsInTheirOrder) {
  const Read read(job_document(job(), {}));
  EXPECT_STREQ(read.root.name(), "uws:job");
  EXPECT_STREQ(read.root.attribute("version").value(), "1.1");
  EXPECT_STREQ(read.root.attribute("xmlns:uws").value(), "http://www.ivoa.net/xml/UWS/v1.0");
  EXPECT_THAT(names(read.root),
              ElementsAre("uws:jobId", "uws:runId", "uws:ownerId", "uws:phase", "uws:quote",
                          "uws:creationTime", "uws:startTime", "uws:endTime",
                          "uws:executionDuration", "uws:destruction", "uws:parameters",
                          "uws:results", "uws:errorSummary", "uws:jobInfo"));
  EXPECT_EQ(read.text("uws:phase"), "ERROR");
  EXPECT_EQ(read.text("uws:creationTime"), "2025-11-28T20:29:38.123456Z");
  EXPECT_EQ(read.text("uws:executionDuration"), "60");
  const auto summary = read.root.child("uws:errorSummary");
  EXPECT_STREQ(summary.attribute("type").value(), "transient");
  EXPECT_STREQ(summary.child("uws:message").text().get(), "the disk is full & slow");
}

TEST(JobDocument, SaysNilForWhatIsNotThere) {
  job::Job plain;
  plain.id = "j1";
  plain.created = 1;
  const Read read(job_document(plain, {}));
  for (const auto* name :
       {"uws:ownerId", "uws:quote", "uws:startTime", "uws:endTime", "uws:destruction"}) {
    EXPECT_STREQ(read.root.child(name).attribute("xsi:nil").value(), "true") << name;
    EXPECT_EQ(read.text(name), "") << name;
  }
  EXPECT_FALSE(read.root.child("uws:runId"));
  EXPECT_FALSE(read.root.child("uws:errorSummary"));
  EXPECT_TRUE(read.root.child("uws:results"));
  plain.owner = "ana";
  EXPECT_EQ(Read(job_document(plain, {})).text("uws:ownerId"), "ana");
}

TEST(JobDocument, HoldsParametersAsTheyWereSent) {
  auto odd = job();
  odd.parameters.push_back({"CAPTION", std::string("a\x01") + "b"});
  const auto said = [](pugi::xml_node parameters) {
    std::vector<std::string> out;
    for (const auto node : parameters.children("uws:parameter"))
      out.push_back(std::string(node.attribute("id").value()) + "=" + node.text().get());
    return out;
  };
  const auto all = ElementsAre("ID=demo", "POS=CIRCLE 1 2 <3>", "CAPTION=a?b", "UPLOAD=mine");
  EXPECT_THAT(said(Read(job_document(odd, {})).root.child("uws:parameters")), all);
  EXPECT_THAT(said(Read(parameters_document(odd)).root), all);
}

TEST(JobDocument, CountsProgressInItsOwnNamespace) {
  auto running = job();
  running.products = 9;
  running.outside = 2;
  running.tally.ok = 3;
  running.tally.failed = 1;
  const Read read(job_document(running, {}));
  const auto progress = read.root.child("uws:jobInfo").child("progress");
  EXPECT_STREQ(progress.attribute("xmlns").value(), "urn:recorte:job");
  EXPECT_STREQ(progress.child("products").text().get(), "9");
  EXPECT_STREQ(progress.child("done").text().get(), "4");
  EXPECT_STREQ(progress.child("outside").text().get(), "2");
}

TEST(ResultsDocument, PointsToEachResult) {
  const Read read(results_document({{"1", "https://a/1?x=1&y=2", "application/fits", 2880},
                                    {"2", "https://a/2", "text/plain"}}));
  const auto first = read.root.first_child();
  EXPECT_STREQ(first.attribute("id").value(), "1");
  EXPECT_STREQ(first.attribute("xlink:href").value(), "https://a/1?x=1&y=2");
  EXPECT_STREQ(first.attribute("mime-type").value(), "application/fits");
  EXPECT_STREQ(first.attribute("size").value(), "2880");
  EXPECT_FALSE(first.next_sibling().attribute("size"));
}

TEST(JobsDocument, KeepsTheOrder) {
  auto other = job();
  other.id = "j2";
  other.run_id = "";
  const Read read(jobs_document({other, job()}, "https://a"));
  EXPECT_STREQ(read.root.name(), "uws:jobs");
  EXPECT_STREQ(read.root.attribute("version").value(), "1.1");
  const auto first = read.root.first_child();
  EXPECT_STREQ(first.attribute("id").value(), "j2");
  EXPECT_STREQ(first.attribute("xlink:href").value(), "https://a/async/j2");
  EXPECT_THAT(names(first), ElementsAre("uws:phase", "uws:ownerId", "uws:creationTime"));
  EXPECT_THAT(names(first.next_sibling()),
              ElementsAre("uws:phase", "uws:runId", "uws:ownerId", "uws:creationTime"));
}

TEST(JobsDocument, AListSaysWhereItIsCut) {
  constexpr auto most = static_cast<std::size_t>(service::kLongestList);
  std::vector<job::Job> jobs(most, job());
  EXPECT_THAT(jobs_document(jobs, "https://a"), Not(HasSubstr("<!--")));
  jobs.push_back(job());
  const auto text = jobs_document(jobs, "https://a");
  EXPECT_THAT(text.substr(0, 1'000), HasSubstr("<!-- The newest 10000 jobs; there are more."));
  std::size_t found = 0;
  for (auto at = text.find("<uws:jobref"); at != text.npos; at = text.find("<uws:jobref", at + 1))
    ++found;
  EXPECT_EQ(found, most);
}

TEST(JobDocument, AJobSaysWhereItStandsAndWhatHoldsIt) {
  auto waits = job();
  waits.phase = job::Phase::kQueued;
  const Read read(job_document(
      waits, {}, service::QueuePlace{3, 1'764'374'400'000'000, 1'764'374'460'000'000}));
  EXPECT_EQ(read.text("uws:quote"), "2025-11-29T00:01:00.000000Z");
  const auto info = read.root.child("uws:jobInfo").child("progress");
  EXPECT_EQ(std::string(info.child("ahead").text().get()), "3");
  EXPECT_EQ(std::string(info.child("start").text().get()), "2025-11-29T00:00:00.000000Z");
  EXPECT_FALSE(info.child("held_by"));
  auto held = job();
  held.phase = job::Phase::kHeld;
  held.hold = job::Hold::kQuota;
  held.hold_until = 1'764'374'400'000'000;
  const Read stands(job_document(held, {}));
  const auto why = stands.root.child("uws:jobInfo").child("progress");
  EXPECT_EQ(std::string(why.child("held_by").text().get()), "quota");
  EXPECT_EQ(std::string(why.child("held_until").text().get()), "2025-11-29T00:00:00.000000Z");
}

}  // namespace
}  // namespace recorte::uws
