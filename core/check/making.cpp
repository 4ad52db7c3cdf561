// SPDX-License-Identifier: BSD-3-Clause
#include "core/check/making.hpp"

#include "core/base/text.hpp"
#include "core/cutout/parameters.hpp"
#include "core/cutout/params.hpp"
#include "core/cutout/target.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace recorte::check {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

plugin::Call::Options call_options(const Recipe& recipe) {
  plugin::Call::Options out;
  out.request_id = "check";
  out.memory_budget = recipe.memory;
  out.poll_cancelled = recipe.cancelled;
  return out;
}

/// Puts the rows of a window where they belong in the whole.
void place(const recorte_image& window, std::int64_t y, const cutout::Outline& outline,
           std::string& whole) {
  const auto row = static_cast<std::size_t>(window.row_bytes);
  const auto plane = row * static_cast<std::size_t>(outline.rect.height);
  whole.resize(plane * static_cast<std::size_t>(outline.planes));
  for (std::int64_t p = 0; p < window.planes; ++p)
    for (std::int64_t i = 0; i < window.height; ++i)
      std::memcpy(
          whole.data() + static_cast<std::size_t>(p) * plane +
              static_cast<std::size_t>(y + i) * row,
          static_cast<const char*>(window.pixels) + p * window.plane_bytes + i * window.row_bytes,
          row);
}

}  // namespace

Result<Bench> Bench::at(Subject& subject, const Recipe& recipe) {
  Bench out;
  auto survey = subject.survey();
  if (!survey) return fail(std::move(survey).error());
  auto algorithm = subject.algorithm();
  if (!algorithm) return fail(std::move(algorithm).error());
  out.survey_ = *survey;
  out.algorithm_ = *algorithm;
  cutout::RequestDraft draft;
  for (const auto& [name, value] :
       {std::pair{"survey", subject.place().id}, std::pair{"ra", number_text(recipe.ra)},
        std::pair{"dec", number_text(recipe.dec)}, std::pair{"size", recipe.size}})
    RECORTE_TRY(draft.set(name, value));
  auto request = draft.finish();
  if (!request) return fail(std::move(request).error());
  out.request_ = *std::move(request);
  out.request_.format = subject.format();
  const plugin::Call call(call_options({}));
  auto location = cutout::locate(
      **survey, out.request_, {}, *out.cache_, call, subject.watch(),
      out.algorithm_->manifest.combines ? cutout::HowMany::kEnough : cutout::HowMany::kOne);
  if (!location) return fail(std::move(location).error());
  out.location_ = *std::move(location);
  return out;
}

Result<Made> Bench::make(Subject& subject, const Recipe& recipe) {
  auto request = request_;
  request.params = recipe.params;
  auto params = cutout::algorithm_params(*algorithm_, *survey_, request);
  if (!params) return fail(std::move(params).error());
  std::optional<cutout::Target> target;
  if (algorithm_->manifest.combines) {
    auto chosen = cutout::make_target(location_, request);
    if (!chosen) return fail(std::move(chosen).error());
    target = *std::move(chosen);
  }
  cutout::Algorithm algorithm{algorithm_->manifest, algorithm_->params, nullptr, algorithm_->table,
                              recipe.self ? recipe.self : algorithm_->self};
  plugin::Call call(call_options(recipe));
  Made made;
  {
    cutout::AlgorithmRun run(algorithm, location_, request, *std::move(params), *cache_, call,
                             subject.watch(), std::move(target));
    auto begun = Clock::now();
    auto outlines = run.outline();
    if (!outlines) return fail(std::move(outlines).error());
    made.outlines = *std::move(outlines);
    made.outline_s = since(begun);
    begun = Clock::now();
    for (std::size_t i = 0; i < made.outlines.size(); ++i) {
      const auto& outline = made.outlines[i];
      const auto step = recipe.rows > 0 ? recipe.rows : outline.rect.height;
      auto& whole = made.pixels.emplace_back();
      for (std::int64_t y = 0; y < outline.rect.height; y += step) {
        const auto rows = std::min(step, outline.rect.height - y);
        const auto image =
            run.run(i, {outline.rect.x, outline.rect.y + y, outline.rect.width, rows});
        if (!image) return fail(image.error());
        place(**image, y, outline, whole);
      }
      made.count += outline.rect.width * outline.rect.height * outline.planes;
    }
    made.run_s = since(begun);
  }
  made.held = call.held();
  return made;
}

Result<Made> make(Subject& subject, const Recipe& recipe) {
  auto bench = Bench::at(subject, recipe);
  if (!bench) return fail(std::move(bench).error());
  return bench->make(subject, recipe);
}

Result<Recipe> example(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return fail(survey.error());
  Recipe out;
  out.ra = (*survey)->example_ra;
  out.dec = (*survey)->example_dec;
  if (std::isnan(out.ra) || std::isnan(out.dec))
    return fail(ErrorCode::kUsage, "the survey " + subject.place().id +
                                       " names no [example] ra and dec to try an algorithm on");
  return out;
}

}  // namespace recorte::check
