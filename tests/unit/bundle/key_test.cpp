// SPDX-License-Identifier: BSD-3-Clause
#include "core/bundle/key.hpp"

#include "core/base/io.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace recorte::bundle {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// RFC 8032, 7.1, test 2: its public key, message and signature, in base64.
constexpr auto* kPublic = "rfc:PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
constexpr auto* kSignature =
    "rfc:kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA==\n"
    "\n";

TEST(Key, ChecksASignatureOfTheStandard) {
  const auto key = parse_public_key(kPublic);
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(*check_signature("r", kSignature, {*key}), "rfc");
  EXPECT_EQ(check_signature("s", kSignature, {*key}).error().code, ErrorCode::kData);
  EXPECT_EQ(check_signature("r", kSignature, {}).error().code, ErrorCode::kForbidden);
}

TEST(Key, OneThatWasSavedSigns) {
  const auto file = fs::path(testing::TempDir()) / ("key_" + std::to_string(::getpid()));
  const auto made = SigningKey::make("team");
  ASSERT_TRUE(made->save(file));
  EXPECT_FALSE(made->save(file)) << "a key is never written over";
  const auto read = SigningKey::read(file);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->public_text(), made->public_text());
  const auto next = SigningKey::make("team");
  EXPECT_NE(next->public_text(), made->public_text());
  const auto old_key = *parse_public_key(made->public_text());
  const auto new_key = *parse_public_key(next->public_text());
  EXPECT_EQ(*check_signature("text", read->sign("text"), {new_key, old_key}), "team");
  EXPECT_EQ(check_signature("text", read->sign("text"), {new_key}).error().code, ErrorCode::kData);
  fs::permissions(file, fs::perms::group_read, fs::perm_options::add);
  EXPECT_THAT(SigningKey::read(file).error().message, HasSubstr("chmod 600"));
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  ASSERT_TRUE(write_file(file, made->public_text()));
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_THAT(SigningKey::read(file).error().message, HasSubstr("is no secret key"));
  fs::remove(file);
}

TEST(Key, SaysWhatIsNone) {
  EXPECT_FALSE(SigningKey::make(""));
  EXPECT_FALSE(SigningKey::make("a:b"));
  for (const auto* text :
       {"", "team", "team:", "team:AAAA", ":tqnOv4jTIS7R1UlXu0hgOcTq5fVLFRv3uEFMl+HXqXk=",
        "team:tqnOv4jTIS7R1UlXu0hgOcTq5fVLFRv3uEFMl+HXqXkk"})
    EXPECT_EQ(parse_public_key(text).error().code, ErrorCode::kUsage) << text;
  const auto key = *parse_public_key(kPublic);
  for (const auto* text : {"", "rfc", "rfc:", "rfc:AAAA", "rfc:!", "\n"})
    EXPECT_EQ(check_signature("r", text, {key}).error().code, ErrorCode::kData) << text;
}

}  // namespace
}  // namespace recorte::bundle
