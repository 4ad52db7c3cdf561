// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/store.hpp"

#include "core/base/sha256.hpp"
#include "core/plugin/pins.hpp"
#include "core/plugin/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <thread>

namespace recorte::plugin {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto* kAlgorithm = "recorte.algorithm/1";

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) / ("store_" + std::to_string(::getpid()));
    fs::remove_all(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  static std::string library(std::string_view version) {
    auto bytes = *read_file(CUT_PLUGIN);
    bytes.replace(bytes.find("\"version\": \"0.1.0\"") + 12, 5, version);
    return bytes;
  }
  /// As an installer does.
  Status put(const std::string& id, const std::string& version) const {
    const auto held = store_.lock();
    if (!held) return fail(held.error());
    const auto bytes = library(version);
    const Installed item{id, version, sha256(bytes), {}};
    const auto staged = store_.staging();
    if (!staged) return fail(staged.error());
    if (auto written = write_file(*staged / (item.sha256 + ".so"), bytes); !written) return written;
    return store_.take(*staged, item);
  }
  std::vector<std::string> names(bool enabled) const {
    std::vector<std::string> out;
    const auto all = store_.list();
    for (const auto& item : *all)
      if (item.enabled == enabled) out.push_back(item.name());
    return out;
  }
  Registry scan() const { return Registry::scan({root_}); }
  std::string found(const std::string& range) const {
    const auto parsed = VersionRange::parse(range);
    const auto registry = scan();
    const auto entry = registry.find("cut", kAlgorithm, &*parsed);
    return entry ? (*entry)->manifest.version : entry.error().message;
  }

  fs::path root_;
  Store store_{fs::path(testing::TempDir()) / ("store_" + std::to_string(::getpid()))};
};

TEST_F(StoreTest, OneThatIsNotThereIsEmptyAndStaysSo) {
  EXPECT_THAT(*store_.list(), IsEmpty());
  EXPECT_THAT(store_.find("cut", "").error().message, HasSubstr("nothing is"));
  EXPECT_FALSE(fs::exists(root_));
}

TEST_F(StoreTest, VersionsLieSideBySideAndTheNewestEnabledIsUsed) {
  for (const auto* version : {"1.9.0", "2.0.0", "1.0.0"}) ASSERT_TRUE(put("cut", version));
  EXPECT_THAT(names(false), ElementsAre("cut@2.0.0", "cut@1.9.0", "cut@1.0.0"));
  EXPECT_TRUE(scan().plugins().empty()) << "what is not enabled is not used";
  EXPECT_EQ(scan().disabled().size(), 3U);
  EXPECT_EQ(store_.enable("cut", "", Store::Others::kStay)->version, "2.0.0");
  ASSERT_TRUE(store_.enable("cut", "1.9.0", Store::Others::kStay));
  EXPECT_THAT(names(true), ElementsAre("cut@2.0.0", "cut@1.9.0"));
  EXPECT_EQ(found(">=0"), "2.0.0");
  EXPECT_EQ(found("<2"), "1.9.0");
  EXPECT_THAT(found("=1.0.0"),
              HasSubstr("there is 2.0.0, 1.9.0; cut 1.0.0 is installed and not enabled: recorte "
                        "plugin enable cut@1.0.0"));
  EXPECT_THAT(found(">=3"), HasSubstr("install one that does"));
  EXPECT_EQ((*scan().find("cut", kAlgorithm))->sha256, sha256(library("2.0.0")));
}

TEST_F(StoreTest, RollsBack) {
  ASSERT_TRUE(put("cut", "1.0.0"));
  ASSERT_TRUE(put("cut", "2.0.0"));
  ASSERT_TRUE(store_.enable("cut", "2.0.0", Store::Others::kStay));
  ASSERT_TRUE(store_.enable("cut", "1.0.0", Store::Others::kDisable));
  EXPECT_THAT(names(true), ElementsAre("cut@1.0.0"));
  EXPECT_EQ(store_.disable("cut", "")->size(), 1U);
  EXPECT_THAT(names(true), IsEmpty());
  EXPECT_TRUE(store_.disable("cut", "")->empty()) << "twice is well";
}

TEST_F(StoreTest, RemovesOneVersion) {
  ASSERT_TRUE(put("cut", "1.0.0"));
  ASSERT_TRUE(put("cut", "2.0.0"));
  ASSERT_TRUE(store_.enable("cut", "1.0.0", Store::Others::kStay));
  ASSERT_TRUE(store_.remove("cut", "1.0.0"));
  EXPECT_THAT(names(false), ElementsAre("cut@2.0.0"));
  EXPECT_THAT(*read_file(root_ / "enabled"), testing::Not(HasSubstr("\ncut")));
  ASSERT_TRUE(store_.remove("cut", "2.0.0"));
  EXPECT_FALSE(fs::exists(root_ / "cut"));
  EXPECT_EQ(store_.remove("cut", "2.0.0").error().code, ErrorCode::kNotFound);
}

TEST_F(StoreTest, AVersionIsTakenOnce) {
  ASSERT_TRUE(put("cut", "1.0.0"));
  EXPECT_THAT(put("cut", "1.0.0").error().message, HasSubstr("is installed already"));
}

TEST_F(StoreTest, WhatAKilledInstallerLeftIsClearedAway) {
  ASSERT_TRUE(store_.lock());
  fs::create_directories(root_ / ".new-0123" / "docs");
  fs::create_directories(root_ / ".gone-0123");
  EXPECT_THAT(*store_.list(), IsEmpty());
  ASSERT_TRUE(put("cut", "1.0.0"));
  EXPECT_FALSE(fs::exists(root_ / ".new-0123"));
  EXPECT_FALSE(fs::exists(root_ / ".gone-0123"));
}

TEST_F(StoreTest, ALibraryThatChangedIsNeitherEnabledNorLoaded) {
  ASSERT_TRUE(put("cut", "1.0.0"));
  ASSERT_TRUE(store_.enable("cut", "", Store::Others::kStay));
  EXPECT_TRUE(check_content(scan().plugins()[0]));
  const auto file = store_.find("cut", "")->library();
  ASSERT_TRUE(write_file(file, library("1.0.0") + "x"));
  EXPECT_EQ(check_content(scan().plugins()[0]).error().code, ErrorCode::kData);
  EXPECT_EQ(store_.enable("cut", "", Store::Others::kStay).error().code, ErrorCode::kData);
}

TEST_F(StoreTest, OneThatSaysItIsAnotherIsRefused) {
  ASSERT_TRUE(put("cat", "1.0.0"));
  ASSERT_TRUE(store_.enable("cat", "", Store::Others::kStay));
  const auto registry = scan();
  EXPECT_TRUE(registry.plugins().empty());
  ASSERT_EQ(registry.refused().size(), 1U);
  EXPECT_THAT(registry.refused()[0].error.message, HasSubstr("it is cut 1.0.0, not cat 1.0.0"));
}

TEST_F(StoreTest, OneThatAnyoneMayWriteToIsNotTrusted) {
  ASSERT_TRUE(put("cut", "1.0.0"));
  ASSERT_TRUE(store_.enable("cut", "", Store::Others::kStay));
  fs::permissions(root_, fs::perms::others_write, fs::perm_options::add);
  EXPECT_EQ(store_.list().error().code, ErrorCode::kForbidden);
  EXPECT_EQ(put("cut", "2.0.0").error().code, ErrorCode::kForbidden);
  const auto registry = scan();
  EXPECT_TRUE(registry.plugins().empty());
  EXPECT_THAT(registry.refused().at(0).error.message, HasSubstr("chmod o-w"));
}

TEST_F(StoreTest, SeveralChangeItAtOnce) {
  constexpr int kThreads = 8;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([this, i] {
        const auto version = std::to_string(i) + ".0.0";
        EXPECT_TRUE(put("cut", version));
        EXPECT_TRUE(store_.enable("cut", version, Store::Others::kStay));
      });
  }
  EXPECT_EQ(names(true).size(), std::size_t{kThreads});
}

TEST(Pins, SayWhatIsWrongAndWhere) {
  using nlohmann::json;
  const auto pins = Pins::parse(json{{"plugins", {{"des", ">=1.2,<2"}}}});
  ASSERT_TRUE(pins);
  EXPECT_TRUE(pins->of("des")->contains({1, 3, 0}));
  EXPECT_EQ(pins->of("cut"), nullptr);
  std::string where;
  EXPECT_FALSE(Pins::parse(json{{"plugins", {{"des", 1.2}}}}, &where));
  EXPECT_EQ(where, "/plugins/des");
  EXPECT_THAT(Pins::parse(json{{"plugins", {{"des", "new"}}}}).error().message,
              HasSubstr("des: 'new' is no condition"));
  EXPECT_FALSE(Pins::parse(json{{"plugins", "des"}}, &where));
  EXPECT_EQ(where, "/plugins");
}

}  // namespace
}  // namespace recorte::plugin
