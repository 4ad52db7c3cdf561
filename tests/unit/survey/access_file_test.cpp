// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/access_file.hpp"

#include <gmock/gmock.h>

namespace recorte::survey {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Result<account::SurveyAccess> parsed(const std::string& text) {
  const auto document = config::parse_toml(text, "/srv/surveys/des.toml");
  if (!document) return fail(document.error());
  return survey_access_of(*document);
}

std::string refused(const std::string& text) {
  const auto access = parsed(text);
  EXPECT_FALSE(access) << text;
  return access ? "" : access.error().message;
}

TEST(AccessFile, NothingSaidIsPublic) {
  const auto access = parsed("[survey]\nplugin = \"theirs\"\nserver = 3\n");
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->survey, "des");
  EXPECT_EQ(access->group, "");
  EXPECT_FALSE(access->by_image);
  EXPECT_FALSE(access->hidden);
  EXPECT_TRUE(access->releases.empty());
}

TEST(AccessFile, AllOfIt) {
  const auto access = parsed(R"([survey]
access_group = "des"

[access]
hidden = true
trust = "des and friends"
also_read = ["../masks", "/data/calibration"]
remote = ["https://data.example.org/dr1/", "s3://des"]

[access.releases]
dr1 = ""
"DR 3" = "builders"
)");
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ(access->group, "des");
  EXPECT_TRUE(access->hidden);
  EXPECT_EQ(access->trust, "des and friends");
  EXPECT_THAT(access->also_read, ElementsAre("../masks", "/data/calibration"));
  EXPECT_THAT(access->remote, ElementsAre("https://data.example.org/dr1/", "s3://des"));
  EXPECT_THAT(access->releases, ElementsAre(Pair("DR 3", "builders"), Pair("dr1", "")));
}

TEST(AccessFile, ImagesThatBecomeEveryones) {
  const auto access = parsed("[survey]\naccess_group = \"ztf\"\npublic_after = \"540d\"\n");
  ASSERT_TRUE(access);
  EXPECT_TRUE(access->by_image);
}

TEST(AccessFile, ComplaintsNameTheLine) {
  EXPECT_THAT(refused("[access]\nhiden = true\n"), HasSubstr("des.toml:2: unknown key 'hiden'"));
  EXPECT_THAT(refused("[access]\nhidden = \"yes\"\n"), HasSubstr("true or false"));
  EXPECT_THAT(refused("[access]\ntrust = \"survey:x\"\n"),
              HasSubstr("des.toml:2: 'survey:x' cannot be a pool's name"));
  for (const auto* wrong : {"\"/data\"", "[3]", "[\"\"]"})
    EXPECT_THAT(refused("[access]\nalso_read = " + std::string(wrong) + "\n"),
                HasSubstr("des.toml:2: 'also_read' is a list of paths"));
  for (const auto* wrong : {"\"https://a.org\"", "[\"a.org\"]", "[\"file:///data\"]"})
    EXPECT_THAT(refused("[access]\nremote = " + std::string(wrong) + "\n"),
                HasSubstr("des.toml:2: 'remote' is a list of beginnings"));
  EXPECT_THAT(refused("[access]\nhidden = true\n"), HasSubstr("everyone may see"));
  EXPECT_THAT(refused("[access.releases]\ndr1 = 3\n"), HasSubstr("des.toml:2"));
  EXPECT_THAT(refused("[survey]\naccess_group = 3\n"), HasSubstr("des.toml:2"));
  EXPECT_THAT(refused("[survey]\naccess_group = \"a\"\npublic_after = \"1d\"\n[access]\n"
                      "hidden = true\n"),
              HasSubstr("public_after"));
}

TEST(AccessFile, NamesThatNoGroupHas) {
  EXPECT_THAT(refused("[survey]\naccess_group = \"public\"\n"), HasSubstr("des.toml:2"));
  EXPECT_THAT(refused("[survey]\naccess_group = \"survey:ztf\"\n"), HasSubstr("survey:ztf"));
  EXPECT_THAT(refused("[access.releases]\ndr1 = \"public\"\n"), HasSubstr("everyone"));
}

TEST(AccessFile, AFileThatIsNotThere) {
  EXPECT_EQ(read_survey_access("/nowhere/des.toml").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace recorte::survey
