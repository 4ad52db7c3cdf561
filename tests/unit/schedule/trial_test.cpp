// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/trial.hpp"

#include "../worker/support.hpp"
#include "core/base/io.hpp"
#include "core/trust/book.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::schedule {
namespace {

namespace fs = std::filesystem;
namespace test = worker::test;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class TrialTest : public testing::Test {
 protected:
  TrialTest() {
    test::make_surveys(at(""), {"loop-find"}, {"segfault-run"});
    auto text = read_file(at("surveys.d/small.toml")).value();
    text.replace(text.find("id = \"small\""), 12, "id = \"ours\"");
    text.replace(text.find("access_group = \"\""), 17, "access_group = \"us\"");
    EXPECT_TRUE(write_file(at("surveys.d/ours.toml"), text));
    fs::copy_file(at("surveys.d/small.index"), at("surveys.d/ours.index"));
  }
  ~TrialTest() override { EXPECT_TRUE(test::children().empty()); }

  fs::path at(const std::string& name) const { return directory_.path() / name; }
  Trial trial(const fs::path& plugins) const {
    Trial out;
    out.workers.program = recorte::test::build_tree() / "bin" / "recorte-worker";
    out.workers.worker.surveys = at("surveys.d");
    out.next = trust::Book({at("surveys.d"), {{plugins}}, {}}).with({{plugins}});
    out.surveys = {"ours", "small"};
    return out;
  }

  test::TempDir directory_;
};

TEST_F(TrialTest, WhatIsWellIsNotComplainedOf) {
  auto well = trial(at("plugins"));
  well.libraries = {fs::canonical(at("plugins")) / "cut.so"};
  EXPECT_THAT(complaints(well), IsEmpty());
}

TEST_F(TrialTest, ASurveyWithoutItsAdapterIsNamed) {
  fs::remove(at("plugins/tiles.so"));
  EXPECT_THAT(complaints(trial(at("plugins"))),
              ElementsAre(HasSubstr("the survey small could not be served any more"),
                          HasSubstr("the survey ours could not be served any more")));
  // One that has gone meanwhile needs none.
  auto gone = trial(at("plugins"));
  gone.surveys = {"gone"};
  EXPECT_THAT(complaints(gone), IsEmpty());
}

TEST_F(TrialTest, ALibraryThatDoesNotLoadIsNamed) {
  fs::remove(at("plugins/cut.so"));
  ASSERT_TRUE(write_file(at("plugins/cut.so"), "no library"));
  auto wrong = trial(at("plugins"));
  wrong.libraries = {fs::canonical(at("plugins")) / "cut.so",
                     fs::canonical(at("plugins")) / "tiles.so"};
  EXPECT_THAT(complaints(wrong), ElementsAre(HasSubstr("plugins/cut.so")));
}

}  // namespace
}  // namespace recorte::schedule
