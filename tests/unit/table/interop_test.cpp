// SPDX-License-Identifier: BSD-3-Clause
//
// Tables as astropy and stilts write them (make_tables.py), whole and damaged.
#include "core/base/id.hpp"
#include "core/base/io.hpp"
#include "reading.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <random>

namespace recorte::table {
namespace {

namespace fs = std::filesystem;

class Interop : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = fs::temp_directory_path() / ("recorte-table-" + random_hex(6));
    fs::create_directories(directory_);
    if (std::system("/usr/bin/python3 -c 'import astropy' 2>/dev/null") != 0) return;
    const auto script = recorte::test::source_tree() / "tests/unit/table/make_tables.py";
    const auto command = "/usr/bin/python3 " + script.string() + " " + directory_.string();
    ASSERT_EQ(std::system(command.c_str()), 0);
    expected_ = nlohmann::json::parse(read_file(directory_ / "expected.json").value());
  }
  static void TearDownTestSuite() { fs::remove_all(directory_); }
  void SetUp() override {
    if (expected_.empty()) GTEST_SKIP() << "astropy is not here; install python3-astropy";
  }

  static std::string bytes(const std::string& name) { return read_file(directory_ / name).value(); }

  static inline fs::path directory_;
  static inline nlohmann::json expected_;
};

TEST_F(Interop, EveryFormIsReadExactly) {
  int stilts = 0;
  for (const auto& [name, rows] : expected_.at("files").items()) {
    SCOPED_TRACE(name);
    const auto table = seen(bytes(name));
    EXPECT_EQ(nlohmann::json(table.columns), expected_.at("columns"));
    EXPECT_EQ(nlohmann::json(table.rows), rows);
    EXPECT_EQ(table.places.front(), name.ends_with(".csv") ? "t:2" : "t, row 1");
    stilts += name.starts_with("stilts") ? 1 : 0;
  }
  if (stilts == 0) GTEST_SKIP() << "stilts is not here; its part was left out";
  EXPECT_EQ(stilts, 6);
}

/// What means something somewhere, in places where it does not.
constexpr std::array<const char*, 14> kWords{"9",    "999999999999", "-1",   "*",     "1PA(9)",
                                             "1QD",  "BINARY2",      "[[",   "{",     "\"",
                                             "<TR>", "</TR>",        "<TD>", "<DATA>"};

TEST_F(Interop, NoDamageIsTheEnd) {
  std::mt19937 random(6);
  for (const auto& [name, rows] : expected_.at("files").items()) {
    SCOPED_TRACE(name);
    const auto good = bytes(name);
    for (int i = 0; i < 300; ++i) {
      see(std::string_view(good).substr(0, random() % good.size()));
      auto bad = good;
      for (auto flips = 1 + random() % 4; flips > 0; --flips)
        bad[random() % bad.size()] = static_cast<char>(random());
      for (auto words = random() % 3; words > 0; --words) {
        const auto* word = kWords[random() % kWords.size()];
        bad.insert(random() % bad.size(), word);
      }
      see(bad, {.bytes = 1 << 26, .columns = 1000, .rows = 10'000});
    }
  }
}

TEST_F(Interop, WhatIsCutOffIsRefused) {
  for (const auto* name : {"astropy-tabledata.vot", "astropy-binary.vot", "astropy-binary2.vot",
                           "astropy.fits.gz", "list.json", "columns.json"}) {
    const auto good = bytes(name);
    for (std::size_t size = 20; size < good.size() - 1; size += 7)
      EXPECT_FALSE(see(std::string_view(good).substr(0, size))) << name << " " << size;
  }
  const auto fits = bytes("astropy.fits");
  for (std::size_t size = 0; size + 2880 < fits.size(); size += 80)
    EXPECT_FALSE(see(std::string_view(fits).substr(0, size))) << size;
}

}  // namespace
}  // namespace recorte::table
