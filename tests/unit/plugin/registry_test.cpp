// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/registry.hpp"

#include "core/base/io.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace recorte::plugin {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RegistryTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) / ("registry_" + std::to_string(::getpid()));
    fs::create_directories(root_ / "a");
    fs::create_directories(root_ / "b");
  }
  void TearDown() override { fs::remove_all(root_); }

  /// A copy of the cut plugin under another id (three letters) and version (like 0.1.0).
  void put(const char* where, std::string_view id, std::string_view version) {
    auto bytes = *read_file(CUT_PLUGIN);
    bytes.replace(bytes.find("\"id\": \"cut\"") + 7, 3, id);
    bytes.replace(bytes.find("\"version\": \"0.1.0\"") + 12, 5, version);
    ASSERT_TRUE(write_file(root_ / where, bytes));
  }
  Registry scan() { return Registry::scan({root_ / "a", root_ / "b", root_ / "missing"}); }
  fs::path root_;
};

TEST_F(RegistryTest, ListsByIdThenNewestFirst) {
  put("a/1.so", "xyz", "0.9.0");
  put("a/2.so", "abc", "1.0.0");
  put("b/3.so", "xyz", "0.1.9");
  put("b/4.so", "xyz", "0.11.");
  put("b/notes.txt", "xyz", "0.1.0");
  const auto registry = scan();
  ASSERT_EQ(registry.plugins().size(), 3U);
  EXPECT_EQ(registry.plugins()[0].manifest.id, "abc");
  EXPECT_EQ(registry.plugins()[1].manifest.version, "0.9.0");
  EXPECT_EQ(registry.plugins()[2].manifest.version, "0.1.9");
  ASSERT_EQ(registry.refused().size(), 1U);
  EXPECT_THAT(registry.refused()[0].error.message, HasSubstr("4.so"));
}

TEST_F(RegistryTest, TheFirstDirectoryWins) {
  put("a/1.so", "abc", "1.0.0");
  put("b/1.so", "abc", "1.0.0");
  const auto registry = scan();
  ASSERT_EQ(registry.plugins().size(), 1U);
  EXPECT_EQ(registry.plugins()[0].file.parent_path().filename(), "a");
  ASSERT_EQ(registry.refused().size(), 1U);
  EXPECT_THAT(registry.refused()[0].error.message, HasSubstr("there already"));
}

TEST_F(RegistryTest, OneDirectoryTwiceIsOne) {
  put("a/1.so", "abc", "1.0.0");
  const auto registry = Registry::scan({root_ / "a", root_ / "b/../a"});
  EXPECT_EQ(registry.plugins().size(), 1U);
  EXPECT_TRUE(registry.refused().empty());
}

TEST_F(RegistryTest, FindsTheNewestOrSaysWhatThereIs) {
  put("a/1.so", "abc", "1.0.0");
  put("a/2.so", "abc", "1.2.0");
  put("a/3.so", "xyz", "1.0.0");
  const auto registry = scan();
  const auto found = registry.find("abc", "recorte.algorithm/1");
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)->manifest.version, "1.2.0");
  const auto misspelt = registry.find("abd", "recorte.algorithm/1");
  ASSERT_FALSE(misspelt);
  EXPECT_EQ(misspelt.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(misspelt.error().message, HasSubstr("no algorithm plugin \"abd\""));
  EXPECT_THAT(misspelt.error().message, HasSubstr("did you mean \"abc\""));
  EXPECT_THAT(misspelt.error().message, HasSubstr("abc, xyz"));
  EXPECT_THAT(registry.find("abc", "recorte.survey/1").error().message,
              HasSubstr("none is installed"));
}

TEST_F(RegistryTest, DefaultDirectoriesBeginWithThePath) {
  ::setenv("RECORTE_PLUGIN_PATH", "/one::/two", 1);
  const auto directories = Registry::default_directories();
  ::unsetenv("RECORTE_PLUGIN_PATH");
  ASSERT_EQ(directories.size(), 4U);
  EXPECT_EQ(directories[0], "/one");
  EXPECT_EQ(directories[1], "/two");
  EXPECT_EQ(directories[2], program_directory() / "../plugins");
  EXPECT_EQ(directories[3], program_directory() / "../lib/recorte/plugins");
}

}  // namespace
}  // namespace recorte::plugin
