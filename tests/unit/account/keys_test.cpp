// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/keys.hpp"

#include "core/base/id.hpp"
#include "core/base/io.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace recorte::account {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string kSecret = "0123456789abcdef0123456789abcdef";

struct Place {
  Place() : directory(testing::TempDir() + "recorte-keys-" + random_hex(8)) {
    fs::create_directories(directory);
  }
  ~Place() { fs::remove_all(directory); }
  fs::path file() const { return directory / "auth.key"; }
  fs::path directory;
};

TEST(Keys, HashesAreOfTheirPurposeAndSecret) {
  const auto keys = Keys::of(kSecret).value();
  const auto hash = keys.key("token").hash_of("text");
  EXPECT_EQ(hash.size(), 64U);
  EXPECT_EQ(hash, Keys::of(kSecret).value().key("token").hash_of("text"));
  EXPECT_TRUE(keys.key("token").verify("text", hash));
  EXPECT_FALSE(keys.key("token").verify("texts", hash));
  EXPECT_FALSE(keys.key("token").verify("text", hash.substr(0, 63)));
  EXPECT_FALSE(keys.key("token").verify("text", ""));
  EXPECT_FALSE(keys.key("link").verify("text", hash));
  EXPECT_FALSE(Keys::of(kSecret + "!").value().key("token").verify("text", hash));
}

TEST(Keys, AShortSecretIsRefused) {
  const auto keys = Keys::of(kSecret.substr(1));
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, ErrorCode::kUsage);
  EXPECT_THAT(keys.error().message, HasSubstr("31 bytes"));
  EXPECT_THAT(keys.error().message, testing::Not(HasSubstr(kSecret.substr(1, 8))));
}

TEST(Keys, AFileIsMadeForItsOwnerAndStays) {
  const Place place;
  const auto hash = Keys::at(place.directory / "new" / "auth.key").value().key("a").hash_of("b");
  struct stat state {};
  ASSERT_EQ(::stat((place.directory / "new" / "auth.key").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777U, 0600U);
  EXPECT_EQ(Keys::at(place.directory / "new" / "auth.key").value().key("a").hash_of("b"), hash);
  EXPECT_NE(Keys::at(place.file()).value().key("a").hash_of("b"), hash);
  for (const auto& each : fs::directory_iterator(place.directory))
    EXPECT_THAT(each.path().filename(), testing::AnyOf("new", "auth.key"));
}

TEST(Keys, AFileSaysTheSameAsItsText) {
  const Place place;
  ASSERT_TRUE(write_file(place.file(), kSecret + "\n"));
  fs::permissions(place.file(), fs::perms::owner_read);
  EXPECT_EQ(Keys::at(place.file()).value().key("a").hash_of("b"),
            Keys::of(kSecret).value().key("a").hash_of("b"));
}

TEST(Keys, AFileThatOthersCanReadIsRefused) {
  const Place place;
  ASSERT_TRUE(write_file(place.file(), kSecret));
  for (const auto mode : {fs::perms::group_read, fs::perms::others_read, fs::perms::others_write}) {
    fs::permissions(place.file(), fs::perms::owner_read | mode);
    const auto keys = Keys::at(place.file());
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().code, ErrorCode::kForbidden);
    EXPECT_THAT(keys.error().message, HasSubstr("chmod 600"));
  }
}

TEST(Keys, AShortFileIsRefusedByName) {
  const Place place;
  ASSERT_TRUE(write_file(place.file(), "short\n"));
  fs::permissions(place.file(), fs::perms::owner_read);
  const auto keys = Keys::at(place.file());
  ASSERT_FALSE(keys);
  EXPECT_THAT(keys.error().message, HasSubstr(place.file().string()));
}

TEST(Keys, WhatIsNoKeyFileIsRefusedByName) {
  const Place place;
  ASSERT_TRUE(write_file(place.file(), std::string((64U << 10) + 1, 'x')));
  fs::permissions(place.file(), fs::perms::owner_read);
  fs::create_directory(place.directory / "keys");
  fs::permissions(place.directory / "keys", fs::perms::owner_all);
  for (const auto& file : {place.file(), place.directory / "keys", place.file() / "below"}) {
    const auto keys = Keys::at(file);
    ASSERT_FALSE(keys) << file;
    EXPECT_THAT(keys.error().message, HasSubstr(file.string()));
  }
}

TEST(Keys, AllWhoMakeAFileAtOnceHaveTheSame) {
  const Place place;
  std::vector<std::string> hashes(8);
  std::vector<std::thread> threads;
  for (auto& hash : hashes)
    threads.emplace_back([&] { hash = Keys::at(place.file()).value().key("a").hash_of("b"); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::set(hashes.begin(), hashes.end()).size(), 1U);
}

}  // namespace
}  // namespace recorte::account
