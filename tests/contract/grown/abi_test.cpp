// SPDX-License-Identifier: BSD-3-Clause
//
// Hosts and plugins of two versions. This file is compiled twice: into the host of today, and into
// one of a made-up later minor version, all of whose structs have grown.
#include "../fake_job.hpp"
#include "core/plugin/library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace recorte::plugin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr bool kLater = RECORTE_ABI_MINOR == 1;

/// Two sources, whatever is asked, as recorte.footprints/1: what the plugin's survey is made of.
struct Footprints {
  static inline std::vector<std::string> made;
  static inline std::vector<recorte_str> bands;
  static inline recorte_footprint_summary summary{
      sizeof(recorte_footprint_summary), 3, 2, nullptr, 0, 0, 1e-4};

  static recorte_status make(const recorte_host*, const recorte_source* const* sources,
                             std::uint64_t count, recorte_footprint_set** out, recorte_error*) {
    made.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto& s = *sources[i];
      const auto text = [](recorte_str t) { return std::string(t.data, t.size); };
      made.push_back(text(s.id) + " " + text(s.variant) + " " + text(s.access_group) + " " +
                     text(s.planes[s.plane_count - 1]->uri) + " " + text(s.pairs[0].value));
    }
    *out = reinterpret_cast<recorte_footprint_set*>(&made);
    return RECORTE_OK;
  }
  static recorte_status find(const recorte_footprint_set*, const recorte_call*,
                             const recorte_query* query, const recorte_source_sink* out,
                             recorte_error*) {
    recorte_plane plane{};
    plane.struct_size = sizeof plane;
    plane.uri = {"/image.fits", 11};
    const recorte_plane* planes[] = {&plane};
    recorte_source source{};
    source.struct_size = sizeof source;
    source.plane_count = 1;
    source.planes = planes;
    source.band = query->bands[0];
    return out->add(out, &source);
  }
  static const recorte_footprints* table() {
    static const recorte_footprints kTable{
        sizeof kTable,
        0,
        nullptr,
        make,
        [](recorte_footprint_set*) {},
        [](const recorte_footprint_set*) -> const recorte_footprint_summary* { return &summary; },
        find};
    return &kTable;
  }
};

class Plugin : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
#ifndef __x86_64__
    GTEST_SKIP() << "the plugin of the freeze is for x86-64";
#endif
    host_.offer(RECORTE_FOOTPRINTS_V1, Footprints::table());
    auto library = Library::load(GetParam(), host_);
    ASSERT_TRUE(library) << library.error().message;
    library_ = std::move(*library);
  }
  template <class Table>
  void open(const Table* table) {
    const auto opened = call_plugin(
        "open", [&](recorte_error* e) { return table->open(host_.table(), &config_, &self_, e); });
    ASSERT_TRUE(opened) << opened.error().message;
  }

  Host host_;
  Library library_;
  recorte_config config_{nlohmann::json::object()};
  void* self_ = nullptr;
};

TEST_P(Plugin, FindsImages) {
  const auto* survey = library_.survey();
  ASSERT_NE(survey, nullptr);
  open(survey);
  EXPECT_THAT(Footprints::made,
              ElementsAre("g deep team /archive/mask.fits 7", "r deep team /archive/mask.fits 7"));
  std::string text;
  recorte_text_sink into{};
  into.struct_size = sizeof into;
  into.ctx = &text;
  into.write = [](const recorte_text_sink* s, recorte_str part) {
    static_cast<std::string*>(s->ctx)->append(part.data, part.size);
  };
  auto error = make_error();
  EXPECT_EQ(survey->describe(self_, &into, &error), RECORTE_OK);
  EXPECT_THAT(text, HasSubstr("\"title\":\"Frozen\""));

  const recorte_str band{"g", 1};
  recorte_region region{};
  region.struct_size = sizeof region;
  recorte_query query{};
  query.struct_size = sizeof query;
  query.band_count = 1;
  query.bands = &band;
  query.region = &region;
  std::string found;
  recorte_source_sink sink{};
  sink.struct_size = sizeof sink;
  sink.ctx = &found;
  sink.add = [](const recorte_source_sink* s, const recorte_source* source) -> recorte_status {
    const auto known = plugin::known(source);
    const auto plane = plugin::known(known->planes[0]);
    *static_cast<std::string*>(s->ctx) += std::string(known->band.data, known->band.size) + " of " +
                                          std::string(plane->uri.data, plane->uri.size) + " with " +
                                          known->cards[0].key.data;
    return RECORTE_OK;
  };
  const Call call{{}};
  const auto searched = call_plugin(
      "find", [&](recorte_error* e) { return survey->find(self_, call.raw(), &query, &sink, e); });
  EXPECT_TRUE(searched) << searched.error().message;
  EXPECT_EQ(found, "g of /image.fits with FROZEN");
  survey->close(self_);
}

TEST_P(Plugin, MakesProducts) {
  const auto* algorithm = library_.algorithm();
  ASSERT_NE(algorithm, nullptr);
  open(algorithm);
  FakeJob job(host_, {"g", "r"}, 1U << RECORTE_IMAGE);
  job.add("g", 1U << RECORTE_IMAGE, {0, 0, 4, 4});
  job.add("r", 1U << RECORTE_IMAGE, {1, 2, 5, 6});
  job.combine({0, 0, 7, 8});
  const auto outlined = call_plugin(
      "outline", [&](recorte_error* e) { return algorithm->outline(self_, job.raw(), e); });
  ASSERT_TRUE(outlined) << outlined.error().message;
  ASSERT_EQ(job.declared.size(), 3U);
  EXPECT_EQ(job.declared[1].band, "r");
  EXPECT_EQ(job.declared[1].output.input, 1U);
  EXPECT_EQ(job.declared[1].output.rect.height, 8);
  EXPECT_NE(job.declared[1].output.on_target, 0);
  EXPECT_EQ(job.declared[2].output.rect.width, 4);
  const auto ran = call_plugin("run", [&](recorte_error* e) {
    return algorithm->run(self_, job.raw(2, {1, 1, 2, 2}), e);
  });
  ASSERT_TRUE(ran) << ran.error().message;
  ASSERT_TRUE(job.emitted);
  EXPECT_EQ(static_cast<const std::int16_t*>(job.emitted->pixels)[3], 22);
  const auto refused = call_plugin("run", [&](recorte_error* e) {
    return algorithm->run(self_, job.raw(0, {0, 0, 7, 8}), e);
  });
  EXPECT_THAT(refused.error().message, HasSubstr("this host has no service recorte.mosaic/1"));
  algorithm->close(self_);
}

std::string name_of(const testing::TestParamInfo<const char*>& info) {
  return info.index == 0 ? "OfTheFreeze" : info.index == 1 ? "Rebuilt" : "Newer";
}
#if RECORTE_ABI_MINOR == 1
INSTANTIATE_TEST_SUITE_P(Abi, Plugin, testing::Values(FROZEN, REBUILT, NEWER), name_of);
#else
INSTANTIATE_TEST_SUITE_P(Abi, Plugin, testing::Values(FROZEN, REBUILT), name_of);
#endif

TEST(Structs, HaveGrownInTheLaterHost) {
  EXPECT_EQ(sizeof(recorte_source), kLater ? 248U : 208U);
  EXPECT_EQ(sizeof(recorte_job), kLater ? 192U : 152U);
  EXPECT_EQ(Host().table()->abi_minor, kLater ? 1 : 0);
}

TEST(NewerPlugin, IsRefusedWithASentence) {
  if (kLater) GTEST_SKIP() << "this host is as new";
  const Host host;
  EXPECT_THAT(Library::load(NEWER, host).error().message,
              HasSubstr("newer.so: the plugin speaks ABI 1.1 and this host 1.0: upgrade Recorte"));
  EXPECT_THAT(Library::load(LYING, host).error().message,
              HasSubstr("it needs ABI 1.1, and this host speaks 1.0: upgrade the host"));
}

}  // namespace
}  // namespace recorte::plugin
