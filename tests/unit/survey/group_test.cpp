// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/group.hpp"

#include "core/survey/exposure.hpp"
#include "core/survey/siblings.hpp"
#include "core/survey/stamps.hpp"
#include "support.hpp"

#include <gmock/gmock.h>

#include <set>

namespace recorte::survey {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

HduFacts hdu(int number, const std::string& extname, int extver = 1, std::int64_t size = 100) {
  HduFacts out;
  out.number = number;
  out.extname = extname;
  out.extver = extver;
  out.width = out.height = size;
  out.pixel_scale = 1e-4;
  out.footprint.cap = {{1, 0, 0}, 0.01};
  return out;
}

FileFacts file(const std::string& path, std::vector<HduFacts> hdus) {
  return {path, 1, 1, "", std::move(hdus)};
}

SurveyFile survey() {
  SurveyFile out;
  out.id = "test";
  return out;
}

std::vector<std::string> roles(const ImageRecord& image) {
  std::vector<std::string> out;
  for (const auto& plane : image.planes)
    out.push_back(plane.role + "#" + std::to_string(plane.hdu));
  return out;
}

std::vector<std::string> reasons(const Grouping& grouping) {
  std::vector<std::string> out;
  for (const auto& skipped : grouping.skipped) out.push_back(skipped.path + ": " + skipped.reason);
  return out;
}

TEST(Group, PlanesByTheirNames) {
  const auto out = group_images(
      {file("x_g.fits", {hdu(1, "SCI"), hdu(2, "ERR"), hdu(3, "DQ"), hdu(4, "WHT")})}, survey());
  ASSERT_EQ(out.images.size(), 1U);
  EXPECT_EQ(out.images[0].id, "x_g");
  EXPECT_THAT(roles(out.images[0]), ElementsAre("image#1", "mask#3", "weight#4"));
  EXPECT_THAT(reasons(out), ElementsAre(HasSubstr("HDU 2 (ERR) holds standard deviations")));
}

TEST(Group, PlanesOfSeveralExposuresByExtverThenByPlace) {
  const auto named = group_images(
      {file("x_g.fits", {hdu(1, "SCI", 1), hdu(2, "SCI", 2), hdu(3, "DQ", 2), hdu(4, "DQ", 1)})},
      survey());
  ASSERT_EQ(named.images.size(), 2U);
  EXPECT_EQ(named.images[1].id, "x_g[SCI,2]");
  EXPECT_THAT(roles(named.images[0]), ElementsAre("image#1", "mask#4"));
  EXPECT_THAT(roles(named.images[1]), ElementsAre("image#2", "mask#3"));
  const auto placed =
      group_images({file("x_g.fits", {hdu(1, ""), hdu(2, "MASK"), hdu(3, ""), hdu(4, "MASK"),
                                      hdu(5, "MASK"), hdu(6, "WHT", 1, 50)})},
                   survey());
  ASSERT_EQ(placed.images.size(), 2U);
  EXPECT_EQ(placed.images[0].id, "x_g[1]");
  EXPECT_THAT(roles(placed.images[0]), ElementsAre("image#1", "mask#2"));
  EXPECT_THAT(roles(placed.images[1]), ElementsAre("image#3", "mask#4"));
  EXPECT_THAT(reasons(placed), testing::UnorderedElementsAre(HasSubstr("a second mask"),
                                                             HasSubstr("no image of its size")));
}

TEST(Group, CcdsAreImagesAndRulesChoose) {
  const std::vector<FileFacts> files{
      file("m_r.fits", {hdu(1, "ccd00", 0), hdu(2, "ccd01", 1), hdu(3, "SKY")})};
  EXPECT_EQ(group_images(files, survey()).images.size(), 3U);
  auto rules = survey();
  rules.planes = {{"image", "CCD01"}, {"weight", 3}};
  const auto out = group_images(files, rules);
  ASSERT_EQ(out.images.size(), 1U);
  EXPECT_EQ(out.images[0].id, "m_r");
  EXPECT_THAT(roles(out.images[0]), ElementsAre("image#2", "weight#3"));
  EXPECT_THAT(reasons(out), ElementsAre(HasSubstr("is not among the planes")));
}

TEST(Group, LsstPlanesByExttype) {
  auto image = hdu(1, ""), mask = hdu(2, ""), variance = hdu(3, "");
  image.exttype = "IMAGE";
  mask.exttype = "MASK";
  variance.exttype = "VARIANCE";
  const auto out = group_images({file("calexp.fits", {image, mask, variance})}, survey());
  ASSERT_EQ(out.images.size(), 1U);
  EXPECT_THAT(roles(out.images[0]), ElementsAre("image#1", "mask#2", "variance#3"));
  EXPECT_EQ(out.images[0].band, "test");
}

TEST(Group, SiblingsByProduct) {
  auto rules = survey();
  rules.pattern = "**/c4d_{date}_{product}_{band}.fits";
  rules.planes = {{"image", "ooi"}, {"weight", "oow"}, {"mask", "ood"}};
  const auto two = std::vector{hdu(1, "N1"), hdu(2, "N2")};
  const auto swapped = std::vector{hdu(1, "N2"), hdu(2, "N1")};
  const auto out =
      group_images({file("c4d_1_ood_g.fits", swapped), file("c4d_1_ooi_g.fits", two),
                    file("c4d_1_oow_g.fits", {hdu(1, "N1", 1, 99)}), file("c4d_2_ood_r.fits", two),
                    file("c4d_1_oos_g.fits", two), file("note.fits", two)},
                   rules);
  ASSERT_EQ(out.images.size(), 2U);
  EXPECT_EQ(out.images[0].id, "c4d_1_ooi_g[N1]");
  EXPECT_EQ(out.images[0].band, "g");
  EXPECT_THAT(roles(out.images[0]), ElementsAre("image#1", "mask#2"));
  EXPECT_EQ(out.images[0].planes[1].path, "c4d_1_ood_g.fits");
  EXPECT_THAT(roles(out.images[1]), ElementsAre("image#2", "mask#1"));
  EXPECT_THAT(reasons(out), ElementsAre(HasSubstr("its product 'oos' is not among the planes"),
                                        HasSubstr("not of the size of its image"),
                                        HasSubstr("has no HDU for HDU 2 (N2)"),
                                        HasSubstr("is a mask whose image is not here"),
                                        HasSubstr("does not match the pattern")));
}

TEST(Group, EvidentSiblingsAreNeverImages) {
  const std::vector<FileFacts> files{
      file("a_image_g.fits", {hdu(0, "")}), file("a_invvar_g.fits.fz", {hdu(1, "")}),
      file("a_nexp_g.fits", {hdu(0, "")}), file("b_invvar_g.fits", {hdu(0, "")}),
      file("a_mask_g.fits", {hdu(0, "", 1, 7)})};
  const auto siblings = evident_siblings(files);
  EXPECT_EQ(siblings.size(), 2U);
  EXPECT_EQ(siblings.at("a_invvar_g.fits.fz").of, "a_image_g.fits");
  const auto out = group_images(files, survey());
  EXPECT_EQ(out.images.size(), 3U);
  EXPECT_THAT(reasons(out), ElementsAre(HasSubstr("looks like the weight of a_image_g.fits"),
                                        HasSubstr("a map of depth or exposures")));
}

TEST(Group, BandsAndWhyNot) {
  auto rules = survey();
  rules.bands = {{"g"}, {"r"}};
  rules.band_aliases = {{"blue", "g"}};
  auto filtered = [](const std::string& path, const std::string& filter) {
    auto one = hdu(0, "");
    one.values.band = filter;
    return file(path, {one});
  };
  const auto out =
      group_images({filtered("a.fits", "r.MP9601"), filtered("b.fits", "blue"),
                    filtered("c.fits", "u"), filtered("d_g.fits", ""), filtered("e.fits", "")},
                   rules);
  ASSERT_EQ(out.images.size(), 3U);
  EXPECT_EQ(out.images[0].band, "r");
  EXPECT_EQ(out.images[1].band, "g");
  EXPECT_EQ(out.images[2].band, "g");
  EXPECT_THAT(reasons(out), ElementsAre(HasSubstr("its band 'u' is not among [bands]"),
                                        HasSubstr("no band is named")));
}

TEST(Group, EpochsNeedATime) {
  auto rules = survey();
  rules.kind = SurveyFile::Kind::kEpochs;
  auto timed = hdu(0, "");
  timed.values.t_min = 57000;
  const auto out = group_images({file("a.fits", {timed}), file("b.fits", {hdu(0, "")})}, rules);
  EXPECT_EQ(out.images.size(), 1U);
  EXPECT_THAT(reasons(out), ElementsAre(HasSubstr("has no time")));
}

TEST(Group, IdentifiersAreUniqueAndPlain) {
  EXPECT_EQ(image_id("d/a b[1]é.FITS.gz"), "d/a%20b%5B1%5D%C3%A9");
  const auto out = group_images(
      {file("m.fits", {hdu(0, "")}), file("m.fits.gz", {hdu(0, "")}),
       file("n.fits", {hdu(0, ""), hdu(1, "")}), file("n.fits.fz", {hdu(1, ""), hdu(2, "")})},
      survey());
  std::set<std::string> ids;
  for (const auto& image : out.images) ids.insert(image.id);
  EXPECT_EQ(ids, (std::set<std::string>{"m.fits", "m.fits.gz", "n[0]", "n.fits[1]", "n.fits.fz[1]",
                                        "n[2]"}));
}

TEST(Stamps, ComeBackAsTheyWere) {
  test::TempDir dir;
  auto one = file("d/a.fits", {hdu(1, "SCI", 3), hdu(2, "")});
  one.size = 12345678901;
  one.mtime_ns = -7;
  one.hdus[0].values.band = "g";
  one.hdus[0].values.t_min = 57000.25;
  one.hdus[0].footprint.outline = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  const FileFacts bad{"b.fits", 2, 3, "is broken", {}};
  ASSERT_TRUE(write_stamps(dir.path / "s", "rules", {one, bad}));
  const auto back = read_stamps(dir.path / "s", "rules");
  ASSERT_EQ(back.files.size(), 2U);
  EXPECT_TRUE(back.same_rules);
  const auto& a = back.files.at("d/a.fits");
  EXPECT_EQ(a.size, one.size);
  EXPECT_EQ(a.mtime_ns, -7);
  ASSERT_EQ(a.hdus.size(), 2U);
  EXPECT_EQ(a.hdus[0].extver, 3);
  EXPECT_EQ(a.hdus[0].values.band, "g");
  EXPECT_EQ(a.hdus[0].values.t_min, 57000.25);
  EXPECT_EQ(a.hdus[0].footprint.outline, one.hdus[0].footprint.outline);
  EXPECT_EQ(back.files.at("b.fits").problem, "is broken");
  EXPECT_FALSE(read_stamps(dir.path / "s", "others").same_rules);
  const auto bytes = test::read(dir.path / "s");
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7) {
    test::write(dir.path / "cut", bytes.substr(0, cut));
    EXPECT_LT(read_stamps(dir.path / "cut", "rules").files.size(), 2U);
  }
}

}  // namespace
}  // namespace recorte::survey
