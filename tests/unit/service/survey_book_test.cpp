// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/survey_book.hpp"

#include "core/base/io.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <stdlib.h>

#include <map>
#include <utility>

namespace recorte::service {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

/// Keeps what is asked until the test answers.
class Asked : public schedule::Executor {
 public:
  void run(cutout::Task, std::int64_t, schedule::Cancelled,
           std::function<void(schedule::Finished)>) override {}
  void run(cutout::Task, schedule::CallerSink, schedule::Cancelled,
           std::function<void(schedule::Finished)>) override {}
  void cover(cutout::Task, schedule::Cancelled, std::function<void(Result<std::string>)>) override {
  }
  void describe(std::string survey, std::function<void(Result<nlohmann::json>)> done) override {
    asked_.emplace(std::move(survey), std::move(done));
  }
  void locate(cutout::Task, schedule::Cancelled,
              std::function<void(Result<nlohmann::json>)>) override {}
  std::size_t waiting() const override { return asked_.size(); }
  std::size_t working() const override { return 0; }
  std::uint64_t finished() const override { return 0; }
  std::uint64_t refused() const override { return 0; }
  std::size_t workers() const override { return 0; }
  std::size_t deaths() const override { return 0; }

  std::vector<std::string> asked() const {
    std::vector<std::string> out;
    for (const auto& [survey, done] : asked_) out.push_back(survey);
    return out;
  }
  void answer(const std::string& survey, const std::string& plugin) {
    const auto at = asked_.find(survey);
    ASSERT_NE(at, asked_.end()) << survey;
    const auto done = std::move(at->second);
    asked_.erase(at);
    done(nlohmann::json{{"plugin", plugin}});
  }

 private:
  std::multimap<std::string, std::function<void(Result<nlohmann::json>)>> asked_;
};

class SurveyBookTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "recorte-book-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    for (const auto* survey : {"a", "b"}) add(survey);
  }
  void TearDown() override { fs::remove_all(directory_); }
  void add(const std::string& survey) const {
    ASSERT_TRUE(write_file(directory_ / (survey + ".toml"), "[survey]\n"));
  }
  static std::map<std::string, std::string> plugins(const std::shared_ptr<const Surveys>& all) {
    std::map<std::string, std::string> out;
    for (const auto& card : all->cards)
      out[card.id] = card.description ? card.description->value("plugin", "") : "-";
    return out;
  }

  using Plugins = std::map<std::string, std::string>;
  fs::path directory_;
  Asked executor_;
};

TEST_F(SurveyBookTest, AllAreDescribedAnewWhenSomebodyAsks) {
  SurveyBook book(directory_, executor_);
  EXPECT_EQ(book.now(), nullptr);
  std::vector<Plugins> told;
  const auto tell = [&](const auto& all) { told.push_back(plugins(all)); };
  book.ask(tell);
  EXPECT_THAT(executor_.asked(), ElementsAre("a", "b"));
  executor_.answer("a", "old");
  EXPECT_THAT(told, IsEmpty());
  executor_.answer("b", "old");
  EXPECT_THAT(told, ElementsAre(Plugins{{"a", "old"}, {"b", "old"}}));
  // Though nothing changed on disk.
  book.describe_anew(tell);
  EXPECT_THAT(executor_.asked(), ElementsAre("a", "b"));
  executor_.answer("b", "new");
  EXPECT_EQ(told.size(), 1U);
  executor_.answer("a", "new");
  EXPECT_EQ(told.size(), 2U);
  EXPECT_EQ(told.back(), (Plugins{{"a", "new"}, {"b", "new"}}));
  EXPECT_THAT(executor_.asked(), IsEmpty());
}

TEST_F(SurveyBookTest, WhoAsksInTheMiddleOfARoundGetsTheNextOne) {
  SurveyBook book(directory_, executor_);
  std::vector<std::string> told;
  book.describe_anew([&](const auto& all) { told.push_back("one " + plugins(all)["a"]); });
  book.describe_anew([&](const auto& all) { told.push_back("two " + plugins(all)["a"]); });
  executor_.answer("a", "old");
  executor_.answer("b", "old");
  EXPECT_THAT(told, ElementsAre("one old"));
  executor_.answer("a", "new");
  executor_.answer("b", "new");
  EXPECT_THAT(told, ElementsAre("one old", "two new"));
  EXPECT_THAT(executor_.asked(), IsEmpty());
}

/// Whose workers are all busy, say.
TEST_F(SurveyBookTest, OneThatDoesNotAnswerHoldsUpNoOther) {
  SurveyBook book(directory_, executor_);
  book.ask([](const auto&) {});
  executor_.answer("a", "old");
  executor_.answer("b", "old");
  add("c");
  bool told = false;
  book.describe_anew([&](const auto&) { told = true; });
  executor_.answer("c", "new");
  executor_.answer("a", "new");
  EXPECT_EQ(plugins(book.now()), (Plugins{{"a", "new"}, {"b", "old"}, {"c", "new"}}));
  EXPECT_FALSE(told);
  executor_.answer("b", "new");
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace recorte::service
