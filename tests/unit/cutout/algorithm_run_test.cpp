// SPDX-License-Identifier: BSD-3-Clause
//
// The host side of recorte_job against an algorithm that asks for anything.
#include "core/cutout/algorithm_run.hpp"

#include "fake_survey.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>

namespace recorte::cutout {
namespace {

using testing::HasSubstr;
using Act = std::function<recorte_status(const recorte_job* job, recorte_error* error)>;

struct FakeAlgorithm {
  Algorithm algorithm;
  Act outline, run;

  FakeAlgorithm() {
    algorithm.manifest.id = "fake";
    algorithm.self = this;
    static constexpr recorte_algorithm kTable{
        sizeof(recorte_algorithm),
        0,
        nullptr,
        nullptr,
        [](void* self, const recorte_job* job, recorte_error* e) {
          return static_cast<FakeAlgorithm*>(self)->outline(job, e);
        },
        [](void* self, const recorte_job* job, recorte_error* e) {
          return static_cast<FakeAlgorithm*>(self)->run(job, e);
        }};
    algorithm.table = &kTable;
  }
};

class Run : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<double> pixels;
    for (int i = 0; i < 2 * 64; ++i) pixels.push_back(i);
    test::write_picture(directory_ / "cube.fits", {.bitpix = 16, .planes = 2, .pixels = pixels});
    test::write_picture(directory_ / "small.fits", {.bitpix = 16, .width = 4, .height = 4});
    fake_.add("a", "g", directory_ / "cube.fits");
    add_plane(RECORTE_MASK, "small.fits", -1);
    add_plane(RECORTE_WEIGHT, "cube.fits", 5);
    fake_.survey.bands.resize(1);
  }
  void add_plane(recorte_role role, const std::string& name, int cube_plane) {
    fake_.sources[0].planes.push_back({role, -1, cube_plane, directory_ / name, ""});
  }
  /// Runs `use` on a job of this survey.
  void with_job(const std::function<void(AlgorithmRun&)>& use) {
    const auto request = parse_canonical("survey=fake&ra=150&dec=2&size=10px").value();
    plugin::Call call({});
    const Watch watch;
    const auto location = locate(fake_.survey, request, {}, cache_, call, watch);
    ASSERT_TRUE(location) << location.error().message;
    AlgorithmRun run(algorithm_.algorithm, *location, request, nlohmann::json::object(), cache_,
                     call, watch);
    use(run);
  }
  static recorte_output output() {
    recorte_output out{};
    out.struct_size = sizeof out;
    out.rect = {-1, -1, 10, 10};
    out.planes = 2;
    return out;
  }
  test::TempDir directory_;
  test::FakeSurvey fake_;
  FakeAlgorithm algorithm_;
  ImageCache cache_{CacheLimits{.open_files = 4}};
};

TEST_F(Run, ReadsAndEmitsWithBlanksAround) {
  algorithm_.outline = [](const recorte_job* job, recorte_error* e) {
    EXPECT_EQ(job->input_count, 1U);
    EXPECT_EQ(job->inputs[0]->planes, 2);
    EXPECT_EQ(job->inputs[0]->region.width, 10);
    EXPECT_NEAR(job->region->width * 3600, 10, 1e-6);  // degrees, though pixels were asked for
    const auto o = output();
    return job->declare(job, &o, e);
  };
  algorithm_.run = [](const recorte_job* job, recorte_error* e) {
    recorte_image* image = nullptr;
    const auto status = job->read(job, 0, RECORTE_IMAGE, &job->window, 0, &image, e);
    const plugin::ImageRef held(image);
    return status == RECORTE_OK ? job->emit(job, image, e) : status;
  };
  with_job([](AlgorithmRun& run) {
    const auto outlines = run.outline();
    ASSERT_TRUE(outlines) << outlines.error().message;
    EXPECT_EQ(outlines->at(0).bitpix, 16);
    const auto image = run.run(0, {-1, -1, 10, 10});
    ASSERT_TRUE(image) << image.error().message;
    const auto at = [&](int p, int x, int y) {
      return reinterpret_cast<const std::int16_t*>(static_cast<std::byte*>((*image)->pixels) +
                                                   p * (*image)->plane_bytes +
                                                   y * (*image)->row_bytes)[x];
    };
    EXPECT_EQ(at(0, 0, 0), -32768);
    EXPECT_EQ(at(0, 1, 1), 0);
    EXPECT_EQ(at(0, 8, 8), 63);
    EXPECT_EQ(at(1, 1, 2), 64 + 8);
    EXPECT_EQ(at(1, 9, 9), -32768);
  });
}

TEST_F(Run, OutlinesThatMakeNoSenseAreRefused) {
  const std::pair<const char*, std::function<void(recorte_output&)>> cases[] = {
      {"no input", [](auto& o) { o.input = 1; }},
      {"the target for an input", [](auto& o) { o.input = RECORTE_TARGET; }},
      {"short", [](auto& o) { o.struct_size = 8; }},
      {"role", [](auto& o) { o.role = RECORTE_ROLES; }},
      {"negative role", [](auto& o) { o.role = -1; }},
      {"no such plane", [](auto& o) { o.role = RECORTE_VARIANCE; }},
      {"a plane of another size", [](auto& o) { o.role = RECORTE_MASK; }},
      {"a plane that its cube lacks", [](auto& o) { o.role = RECORTE_WEIGHT; }},
      {"empty", [](auto& o) { o.rect.width = 0; }},
      {"negative", [](auto& o) { o.rect.height = -4; }},
      {"huge", [](auto& o) { o.rect.width = INT64_MAX; }},
      {"far", [](auto& o) { o.rect.x = INT64_MAX - 4; }},
      {"far below", [](auto& o) { o.rect.y = INT64_MIN; }},
      {"negative planes", [](auto& o) { o.planes = -1; }},
      {"on a target that there is not", [](auto& o) { o.on_target = 1; }},
      {"many planes", [](auto& o) { o.planes = INT64_MAX; }},
      {"planes of nothing", [](auto& o) { o.planes = 3; }},
      {"bitpix", [](auto& o) { o.bitpix = 7; }},
      {"colour in 16 bits", [](auto& o) { o.colour = 1; }},
      {"least bitpix", [](auto& o) { o.bitpix = INT32_MIN; }}};
  for (const auto& [name, spoil] : cases) {
    algorithm_.outline = [&spoil = spoil](const recorte_job* job, recorte_error* e) {
      auto o = output();
      spoil(o);
      return job->declare(job, &o, e);
    };
    with_job([&name = name](AlgorithmRun& run) { EXPECT_FALSE(run.outline()) << name; });
  }
  algorithm_.outline = [](const recorte_job*, recorte_error*) {
    return recorte_status{RECORTE_OK};
  };
  with_job([](AlgorithmRun& run) {
    const auto none = run.outline();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::kPlugin);
    EXPECT_THAT(none.error().message, HasSubstr("declared no product"));
  });
}

TEST_F(Run, ReadsThatMakeNoSenseAreRefused) {
  const std::tuple<const char*, std::uint32_t, recorte_role, recorte_rect, std::int32_t> cases[] = {
      {"input", 1, RECORTE_IMAGE, {0, 0, 1, 1}, 0},
      {"role", 0, 9, {0, 0, 1, 1}, 0},
      {"empty", 0, RECORTE_IMAGE, {0, 0, 0, 1}, 0},
      {"negative", 0, RECORTE_IMAGE, {0, 0, 1, -1}, 0},
      {"wrapped", 0, RECORTE_IMAGE, {INT64_MAX, 0, 10, 1}, 0},
      {"wrapped below", 0, RECORTE_IMAGE, {0, INT64_MIN, 1, 10}, 0},
      {"huge", 0, RECORTE_IMAGE, {0, 0, INT64_MAX, 1}, 0},
      {"past the budget", 0, RECORTE_IMAGE, {0, 0, 1 << 20, 1 << 20}, 0},
      {"bitpix", 0, RECORTE_IMAGE, {0, 0, 1, 1}, 32},
      {"no bitpix", 0, RECORTE_IMAGE, {0, 0, 1, 1}, 1}};
  algorithm_.outline = [&](const recorte_job* job, recorte_error* e) {
    for (const auto& [name, input, role, rect, bitpix] : cases) {
      recorte_image* image = nullptr;
      EXPECT_NE(job->read(job, input, role, &rect, bitpix, &image, e), RECORTE_OK) << name;
      EXPECT_EQ(image, nullptr);
      EXPECT_NE(std::string(e->message), "") << name;
    }
    double two[2] = {0, 0};
    EXPECT_NE(job->to_sky(job, 1, 1, two, two, e), RECORTE_OK);
    EXPECT_NE(job->to_pixel(job, 7, 1, two, two, e), RECORTE_OK);
    EXPECT_EQ(job->to_sky(job, 0, 1, two, two, e), RECORTE_OK);
    const auto o = output();
    return job->declare(job, &o, e);
  };
  with_job([](AlgorithmRun& run) { EXPECT_TRUE(run.outline()); });
}

TEST_F(Run, OnlyTheWindowMayBeEmitted) {
  const auto emit = [](const recorte_job* job, recorte_error* e, int bitpix, int width, int height,
                       int planes) {
    const auto image = plugin::new_image(*static_cast<plugin::Call*>(job->call->ctx), bitpix, width,
                                         height, planes);
    return job->emit(job, image ? image->get() : nullptr, e);
  };
  algorithm_.outline = [&](const recorte_job* job, recorte_error* e) {
    EXPECT_NE(emit(job, e, 16, 10, 10, 2), RECORTE_OK);  // nothing is declared yet
    const auto o = output();
    return job->declare(job, &o, e);
  };
  algorithm_.run = [&](const recorte_job* job, recorte_error* e) {
    EXPECT_NE(job->emit(job, nullptr, e), RECORTE_OK);
    EXPECT_NE(emit(job, e, 32, 10, 4, 2), RECORTE_OK);
    EXPECT_NE(emit(job, e, 16, 9, 4, 2), RECORTE_OK);
    EXPECT_NE(emit(job, e, 16, 10, 5, 2), RECORTE_OK);
    EXPECT_NE(emit(job, e, 16, 10, 4, 1), RECORTE_OK);
    return recorte_status{RECORTE_OK};
  };
  with_job([&](AlgorithmRun& run) {
    ASSERT_TRUE(run.outline());
    const auto nothing = run.run(0, {-1, -1, 10, 4});
    ASSERT_FALSE(nothing);
    EXPECT_THAT(nothing.error().message, HasSubstr("returned without pixels"));
    algorithm_.run = [&](const recorte_job* job, recorte_error* e) {
      return emit(job, e, 16, 10, 4, 2);
    };
    EXPECT_TRUE(run.run(0, {-1, -1, 10, 4}));
    EXPECT_EQ(run.call().held(), 0U);
  });
}

TEST_F(Run, WhatAnAlgorithmThrowsIsItsFault) {
  algorithm_.outline = [](const recorte_job*, recorte_error*) -> recorte_status {
    throw std::runtime_error("oops");
  };
  with_job([](AlgorithmRun& run) {
    const auto thrown = run.outline();
    ASSERT_FALSE(thrown);
    EXPECT_EQ(thrown.error().code, ErrorCode::kPlugin);
    EXPECT_THAT(thrown.error().message, HasSubstr("oops"));
  });
}

}  // namespace
}  // namespace recorte::cutout
