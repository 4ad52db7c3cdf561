// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/manifest.hpp"

#include "core/base/io.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstring>
#include <random>

namespace recorte::plugin {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

json good() {
  return json::parse(R"({"id": "my-cut_2", "name": "Mine", "version": "1.20.3",
    "license": "MIT", "abi": "1.0", "interfaces": ["recorte.algorithm/1"], "formats": ["fits", "png"],
    "params_schema": {"type": "object"}})");
}

TEST(ParseManifest, ReadsEveryMember) {
  const auto text = good().dump();
  const auto manifest = parse_manifest(text);
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->id, "my-cut_2");
  EXPECT_EQ(manifest->name, "Mine");
  EXPECT_EQ(manifest->version, "1.20.3");
  EXPECT_EQ(manifest->licence, "MIT");
  EXPECT_EQ(manifest->abi_major, 1);
  EXPECT_EQ(manifest->abi_minor, 0);
  EXPECT_THAT(manifest->formats, ElementsAre("fits", "png"));
  EXPECT_EQ(manifest->params_schema, R"({"type":"object"})");
  EXPECT_EQ(manifest->config_schema, "");
  EXPECT_EQ(manifest->text, text);
  EXPECT_TRUE(manifest->provides("recorte.algorithm/1"));
  EXPECT_FALSE(manifest->provides("recorte.survey/1"));
}

json good_survey() {
  return json::parse(
      R"({"id": "des", "name": "DES", "version": "1.0.0", "license": "MIT", "abi": "1.0",
    "interfaces": ["recorte.survey/1"],
    "survey": {"indexed": true, "defaults": {"bands": {"g": ""}},
               "releases": {"dr1": {}, "dr2": {"survey": {"title": "Two"}}}}})");
}

TEST(ParseManifest, ReadsWhatAnAdapterBringsForTheSurveysFile) {
  const auto manifest = parse_manifest(good_survey().dump());
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_TRUE(manifest->indexed);
  EXPECT_EQ(manifest->defaults, R"({"bands":{"g":""}})");
  EXPECT_THAT(manifest->releases, ElementsAre(std::pair("dr1", "{}"),
                                              std::pair("dr2", R"({"survey":{"title":"Two"}})")));
}

TEST(ParseManifest, RefusesDefaultsOfWhatIsTheAdminsToSay) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({"defaults": {"access": {"hidden": true}}})", "[access]"},
      {R"({"defaults": {"survey": {"root": "/"}}})", "\"root\""},
      {R"({"releases": {"dr1": {"survey": {"access_group": ""}}}})", "\"access_group\""},
      {R"({"defaults": {"bands": "g"}})", "\"bands\""},
      {R"({"defaults": []})", "has no object"},
      {R"({"indexed": 1})", "\"indexed\": 1"},
      {R"({"default": {}})", "\"default\""},
      {"[]", "an object"},
  };
  for (const auto& [survey, says] : wrong) {
    auto document = good_survey();
    document["survey"] = json::parse(survey);
    const auto manifest = parse_manifest(document.dump());
    ASSERT_FALSE(manifest) << survey;
    EXPECT_THAT(manifest.error().message, HasSubstr(says));
  }
  auto algorithm = good();
  algorithm["survey"] = json::object();
  EXPECT_FALSE(parse_manifest(algorithm.dump()));
}

TEST(ParseManifest, NamesTheMemberThatIsMissing) {
  for (const auto* member : {"id", "name", "version", "license", "abi", "interfaces", "formats"}) {
    auto document = good();
    document.erase(member);
    const auto manifest = parse_manifest(document.dump());
    ASSERT_FALSE(manifest) << member;
    EXPECT_EQ(manifest.error().code, ErrorCode::kPlugin);
    EXPECT_THAT(manifest.error().message, HasSubstr(std::string("\"") + member + "\""));
  }
}

TEST(ParseManifest, NamesTheMemberThatIsWrong) {
  const std::pair<const char*, json> wrong[] = {
      {"id", "Upper"},
      {"id", "../x"},
      {"id", ""},
      {"id", 5},
      {"version", "1.2"},
      {"version", "1.2.x"},
      {"version", "1. 2.3"},
      {"abi", "0"},
      {"abi", "99999999999.0"},
      {"interfaces", "x"},
      {"interfaces", {1}},
      {"formats", json::array()},
      {"config_schema", 1},
      {"params_schema", ""},
  };
  for (const auto& [member, value] : wrong) {
    auto document = good();
    document[member] = value;
    const auto manifest = parse_manifest(document.dump());
    ASSERT_FALSE(manifest) << member << value;
    EXPECT_THAT(manifest.error().message, HasSubstr(std::string("\"") + member + "\""));
  }
}

TEST(ParseManifest, RefusesWhatIsNoObject) {
  for (const auto* text : {"", "{", "[]", "7", "{} x"}) EXPECT_FALSE(parse_manifest(text)) << text;
}

class ReadManifest : public testing::Test {
 protected:
  void SetUp() override {
    library_ = *read_file(CUT_PLUGIN);
    file_ = std::filesystem::path(testing::TempDir()) /
            ("manifest_" + std::to_string(::getpid()) + ".so");
  }
  void TearDown() override { std::filesystem::remove(file_); }
  Result<Manifest> read(std::string_view bytes) {
    EXPECT_TRUE(write_file(file_, bytes));
    return read_manifest(file_);
  }
  std::string library_;
  std::filesystem::path file_;
};

TEST_F(ReadManifest, OfABuiltPlugin) {
  const auto manifest = read_manifest(CUT_PLUGIN);
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->id, "cut");
  EXPECT_THAT(manifest->formats, ElementsAre("fits"));
}

TEST_F(ReadManifest, RefusesWhatIsNoLibrary) {
  EXPECT_EQ(read_manifest("/no/such/file.so").error().code, ErrorCode::kNotFound);
  EXPECT_THAT(read_manifest("/dev/zero").error().message, HasSubstr("is not a file"));
  EXPECT_THAT(read_manifest(testing::TempDir()).error().message, HasSubstr("is not a file"));
  EXPECT_THAT(read("").error().message, HasSubstr("no 64-bit shared library"));
  EXPECT_THAT(read("#!/bin/sh\n" + std::string(100, 'x')).error().message,
              HasSubstr("no 64-bit shared library"));
}

TEST_F(ReadManifest, RefusesALibraryWithoutOne) {
  auto bytes = library_;
  const auto at = bytes.find(".recorte.manifest");
  ASSERT_NE(at, std::string::npos);
  bytes[at + 1] = 'x';
  EXPECT_THAT(read(bytes).error().message, HasSubstr("has no manifest"));
}

TEST_F(ReadManifest, RefusesAnotherAbiOrABrokenText) {
  auto bytes = library_;
  const auto at = bytes.find("\"abi\": \"1.0\"");
  ASSERT_NE(at, std::string::npos);
  bytes[at + 8] = '9';
  EXPECT_THAT(read(bytes).error().message, HasSubstr("speaks ABI 9.0 and this host 1.0"));
  bytes[at + 8] = '1';
  bytes[at + 10] = '1';
  EXPECT_THAT(read(bytes).error().message,
              HasSubstr("speaks ABI 1.1 and this host 1.0: upgrade Recorte"));
  bytes[at + 8] = '"';
  EXPECT_THAT(read(bytes).error().message, HasSubstr("is no JSON"));
}

TEST_F(ReadManifest, SurvivesEveryTruncation) {
  for (std::size_t size = 0; size < library_.size(); size += library_.size() / 61 + 1) {
    const auto manifest = read(std::string_view(library_).substr(0, size));
    ASSERT_FALSE(manifest) << size;
    EXPECT_EQ(manifest.error().code, ErrorCode::kPlugin);
  }
}

TEST_F(ReadManifest, SurvivesAnyNumbersInTheHeaders) {
  Elf64_Ehdr header{};
  std::memcpy(&header, library_.data(), sizeof header);
  std::mt19937 random(7);
  const auto sections = header.e_shnum * sizeof(Elf64_Shdr);
  ASSERT_LE(header.e_shoff + sections, library_.size());
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    auto bytes = library_;
    const bool in_header = i % 2 == 0;
    const auto at =
        in_header ? 16 + random() % (sizeof header - 16) : header.e_shoff + random() % sections;
    bytes[at] = static_cast<char>(random());
    if (!read(bytes)) ++refused;
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace recorte::plugin
