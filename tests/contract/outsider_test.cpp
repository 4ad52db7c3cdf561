// SPDX-License-Identifier: BSD-3-Clause
//
// What someone who has only the installed SDK does. The plugins stay in ${BUILD}/outsider/plugins.
#include "core/base/io.hpp"
#include "core/plugin/library.hpp"
#include "core/plugin/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace recorte::plugin {
namespace {

namespace fs = std::filesystem;

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

/// Runs a command; its output is shown where it fails.
void run(const std::string& command) {
  const auto log = fs::path(BUILD) / "outsider/log.txt";
  if (std::system((command + " > " + quoted(log) + " 2>&1").c_str()) != 0)
    FAIL() << command << "\n" << *read_file(log);
}

/// Of an outsider's plugin, or of an example of the SDK.
fs::path source_of(const std::string& name) {
  const auto example = fs::path(EXAMPLES) / name;
  return fs::exists(example) ? example : fs::path(SOURCES) / name;
}

std::int64_t lines(const fs::path& directory) {
  std::int64_t count = 0;
  for (const auto& file : fs::directory_iterator(directory)) {
    const auto extension = file.path().extension();
    if (extension != ".cpp" && extension != ".hpp" && extension != ".c") continue;
    const auto text = *read_file(file.path());
    count += std::ranges::count(text, '\n');
  }
  return count;
}

TEST(Outsider, BuildsPluginsWithTheInstalledSdk) {
  const auto root = fs::path(BUILD) / "outsider";
  fs::remove_all(root);
  fs::create_directories(root / "plugins");
  const auto cmake = quoted(CMAKE);
  run(cmake + " --install " + quoted(BUILD) + " --component sdk --prefix " + quoted(root / "sdk"));
  ASSERT_FALSE(HasFatalFailure());
  const Host host;
  for (const std::string name : {"plates", "sum", "plain"}) {
    SCOPED_TRACE(name);
    // A copy: nothing beside it belongs to our tree.
    fs::copy(source_of(name), root / name, fs::copy_options::recursive);
    EXPECT_LT(lines(root / name), 100);
    const auto build = root / (name + "-build");
    run(cmake + " -S " + quoted(root / name) + " -B " + quoted(build) +
        " -DCMAKE_PREFIX_PATH=" + quoted(root / "sdk") +
        " -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=" + quoted(C_COMPILER) +
        " -DCMAKE_CXX_COMPILER=" + quoted(CXX_COMPILER) +
        " -DCMAKE_C_FLAGS='-Wall -Wextra -Wpedantic -Werror'"
        " -DCMAKE_CXX_FLAGS='-Wall -Wextra -Wpedantic -Werror' --no-warn-unused-cli");
    ASSERT_FALSE(HasFatalFailure());
    run(cmake + " --build " + quoted(build));
    ASSERT_FALSE(HasFatalFailure());
    const auto library = root / "plugins" / (name + ".so");
    fs::copy_file(build / (name + ".so"), library);

    const auto manifest = read_manifest(library);
    ASSERT_TRUE(manifest) << manifest.error().message;
    EXPECT_EQ(manifest->id, name);
    EXPECT_EQ(nlohmann::json::parse(manifest->text),
              nlohmann::json::parse(*read_file(root / name / "plugin.json")));
    const auto verdict = probe(library, {.program = PROBE_PROGRAM});
    ASSERT_TRUE(verdict) << verdict.error().message;
    const auto loaded = Library::load(library, host);
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->survey() != nullptr, name == "plates");
    EXPECT_EQ(loaded->algorithm() != nullptr, name != "plates");
  }
}

TEST(Outsider, IsToldOfABrokenManifestWhenConfiguring) {
  const auto project = fs::path(BUILD) / "outsider-broken";
  fs::remove_all(project);
  fs::copy(source_of("plain"), project, fs::copy_options::recursive);
  ASSERT_TRUE(write_file(project / "plugin.json", "{ \"id\": \"plain\", }"));
  const auto log = project / "log.txt";
  EXPECT_NE(
      std::system((quoted(CMAKE) + " -S " + quoted(project) + " -B " + quoted(project / "build") +
                   " -DRecorte_DIR=" + quoted(fs::path(BUILD) / "sdk") +
                   " -DCMAKE_C_COMPILER=" + quoted(C_COMPILER) + " > " + quoted(log) + " 2>&1")
                      .c_str()),
      0);
  EXPECT_THAT(*read_file(log), testing::HasSubstr("plugin.json"));
}

}  // namespace
}  // namespace recorte::plugin
