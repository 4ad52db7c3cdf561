// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"
#include "core/base/sha256.hpp"
#include "core/bundle/open_bundle.hpp"
#include "core/bundle/scratch.hpp"
#include "core/bundle/write_bundle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace recorte::bundle {
namespace {

namespace fs = std::filesystem;

fs::path new_directory(const std::string& name) {
  const auto out = fs::path(testing::TempDir()) / (name + "_" + std::to_string(::getpid()));
  fs::remove_all(out);
  fs::create_directories(out);
  return out;
}

TEST(Bundle, HoldsWhatWentIn) {
  const Scratch tmp(new_directory("bundle"));
  fs::create_directories(tmp.path() / "project" / "docs" / "deep");
  fs::copy_file(CUT_PLUGIN, tmp.path() / "project" / "anything.so");
  ASSERT_TRUE(write_file(tmp.path() / "project" / "docs" / "deep" / "a.md", "A page.\n"));
  ASSERT_TRUE(write_file(tmp.path() / "project" / "notes.txt", "Not for others.\n"));
  const auto contents = gather(tmp.path() / "project");
  ASSERT_TRUE(contents) << contents.error().message;
  EXPECT_THAT(contents->lacks, testing::ElementsAre("README.md", "LICENSE"));
  const auto key = SigningKey::make("team");
  const auto file = tmp.path() / "a.recorte";
  ASSERT_TRUE(write_bundle(file, *contents, &*key));

  const auto out = tmp.path() / "out";
  fs::create_directory(out);
  const auto opened = open_bundle(file, out, {{*parse_public_key(key->public_text())}, false});
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->signer, "team");
  EXPECT_EQ(opened->manifest.id, "cut");
  EXPECT_EQ(opened->sha256, *sha256_of(CUT_PLUGIN));
  EXPECT_EQ(*sha256_of(out / (opened->sha256 + ".so")), opened->sha256);
  EXPECT_EQ(*read_file(out / "docs" / "deep" / "a.md"), "A page.\n");
  EXPECT_FALSE(fs::exists(out / "notes.txt"));
}

/// Whatever bit of it is another: what comes out is what went in, or nothing does.
TEST(Bundle, EveryBitCounts) {
  const Scratch tmp(new_directory("bits"));
  Contents contents;
  contents.members = {{"a.so", std::string(300, 'x')}, {"plugin.json", "{}"}};
  const auto file = tmp.path() / "a.recorte";
  ASSERT_TRUE(write_bundle(file, contents, nullptr));
  const auto good = *read_file(file);
  for (std::size_t bit = 0; bit < 8 * good.size(); bit += 11) {
    auto bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    ASSERT_TRUE(write_file(file, bad));
    const Scratch out(new_directory("out"));
    if (const auto unpacked = unpack(file, out.path(), {}); !unpacked) continue;
    EXPECT_EQ(*read_file(out.path() / "a.so"), contents.members[0].bytes) << bit;
    EXPECT_EQ(*read_file(out.path() / "plugin.json"), "{}") << bit;
  }
}

}  // namespace
}  // namespace recorte::bundle
