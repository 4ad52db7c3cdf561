// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/check/checks.hpp"
#include "core/check/leaks.hpp"
#include "core/check/making.hpp"
#include "core/check/process_state.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

namespace recorte::check {
namespace {

using nlohmann::json;

constexpr double kSoon = 1;  // seconds; ten times what the contract allows

/// An error that is the plugin's fault, whatever was asked.
bool a_fault(const Error& error) {
  return error.code == ErrorCode::kPlugin || error.code == ErrorCode::kInternal;
}

std::string pixels_of(std::int64_t count) { return std::to_string(count) + " pixels"; }

/// Values that a property's schema names: its default, its bounds, its enumeration.
std::vector<std::string> values_of(const json& rule) {
  std::vector<std::string> out;
  const auto add = [&](const json& value) {
    if (value.is_string()) out.push_back(value.get<std::string>());
    if (value.is_number() || value.is_boolean()) out.push_back(value.dump());
  };
  for (const auto* key : {"default", "minimum", "maximum"})
    if (rule.contains(key)) add(rule[key]);
  for (const auto& value : rule.value("enum", json::array())) add(value);
  if (rule.value("type", json()) == "boolean") out.insert(out.end(), {"true", "false"});
  return out;
}

Verdict algorithm_opens(Subject& subject) {
  const auto algorithm = subject.algorithm();
  if (!algorithm) return not_ok(algorithm.error().message);
  for (int i = 0; i < 3; ++i) {
    const auto first = Another<cutout::Algorithm>::open(subject, **algorithm);
    const auto second = Another<cutout::Algorithm>::open(subject, **algorithm);
    if (!first || !second) return not_ok((first ? second : first).error().message);
  }
  return ok();
}

Verdict algorithm_makes(Subject& subject) {
  const auto recipe = example(subject);
  if (!recipe) return skipped(recipe.error().message);
  const auto made = make(subject, *recipe);
  if (!made) return not_ok(made.error().message);
  std::vector<std::string> notes;
  for (const auto& o : made->outlines)
    notes.push_back("product" + (o.band.empty() ? "" : " of " + o.band) +
                    (o.name.empty() ? "" : " " + o.name) + ": " + std::to_string(o.rect.width) +
                    " x " + std::to_string(o.rect.height) + " x " + std::to_string(o.planes) +
                    " pixels of BITPIX " + std::to_string(o.bitpix) +
                    (o.colour ? ", a picture" : ""));
  return ok(std::move(notes));
}

Verdict algorithm_at_edges(Subject& subject) {
  const auto recipe = example(subject);
  if (!recipe) return skipped(recipe.error().message);
  for (const double step : {0.02, 0.04, 0.08})
    for (const auto& [east, north] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}})
      for (const std::string size : {"1px", "96px", "4arcmin,1px"}) {
        auto there = *recipe;
        there.ra = std::fmod(there.ra + east * step + 360, 360);
        there.dec += north * step;
        there.size = size;
        subject.stage("it made " + size + " at RA " + number_text(there.ra) + ", Dec " +
                      number_text(there.dec));
        if (const auto made = make(subject, there); !made && a_fault(made.error()))
          return not_ok(size + " at RA " + number_text(there.ra) + ", Dec " +
                        number_text(there.dec) + ": " + made.error().message);
      }
  return ok();
}

Verdict algorithm_by_windows(Subject& subject) {
  auto recipe = example(subject);
  if (!recipe) return skipped(recipe.error().message);
  auto bench = Bench::at(subject, *recipe);
  if (!bench) return not_ok(bench.error().message);
  const auto whole = bench->make(subject, *recipe);
  if (!whole) return not_ok(whole.error().message);
  for (const std::int64_t rows : {1, 7, 64}) {
    recipe->rows = rows;
    subject.stage("it made windows of " + std::to_string(rows) + " rows");
    const auto parts = bench->make(subject, *recipe);
    if (!parts)
      return not_ok("windows of " + std::to_string(rows) + " rows: " + parts.error().message);
    for (std::size_t i = 0; i < whole->pixels.size(); ++i)
      if (parts->pixels[i] != whole->pixels[i])
        return not_ok("product " + std::to_string(i) + ", made by windows of " +
                      std::to_string(rows) +
                      " rows, is another than made whole: a window must not depend on others");
  }
  return ok();
}

Verdict algorithm_repeats_itself(Subject& subject) {
  auto recipe = example(subject);
  if (!recipe) return skipped(recipe.error().message);
  const auto once = make(subject, *recipe);
  if (!once) return not_ok(once.error().message);
  const auto again = make(subject, *recipe);
  if (!again || again->pixels != once->pixels)
    return not_ok("the same job makes other pixels the second time");
  const auto another = Another<cutout::Algorithm>::open(subject, **subject.algorithm());
  if (!another) return not_ok(another.error().message);
  recipe->self = another->self();
  const auto other = make(subject, *recipe);
  if (!other || other->pixels != once->pixels)
    return not_ok("another instance makes other pixels of the same job");
  return ok();
}

Verdict algorithm_takes_parameters(Subject& subject) {
  const auto recipe = example(subject);
  if (!recipe) return skipped(recipe.error().message);
  const auto algorithm = subject.algorithm();
  if (!algorithm) return not_ok(algorithm.error().message);
  auto bench = Bench::at(subject, *recipe);
  if (!bench) return not_ok(bench.error().message);
  std::size_t tried = 0;
  for (const auto& [name, rule] : (*algorithm)->params.properties().items())
    for (const auto& value : values_of(rule)) {
      auto with = *recipe;
      with.params[name] = value;
      subject.stage("it was given " + name + "=" + value);
      ++tried;
      if (const auto made = bench->make(subject, with); !made && a_fault(made.error()))
        return not_ok(name + "=" + value + ": " + made.error().message);
    }
  return ok({std::to_string(tried) + " values that its params_schema names"});
}

Verdict algorithm_keeps_to_its_budget(Subject& subject) {
  auto recipe = example(subject);
  if (!recipe) return skipped(recipe.error().message);
  auto bench = Bench::at(subject, *recipe);
  if (!bench) return not_ok(bench.error().message);
  for (const std::uint64_t bytes : {std::uint64_t{1} << 30, std::uint64_t{0}, std::uint64_t{1000},
                                    std::uint64_t{50'000}, std::uint64_t{200'000}}) {
    recipe->memory = bytes;
    subject.stage("it had " + std::to_string(bytes) + " bytes for images");
    const auto made = bench->make(subject, *recipe);
    if (!made && a_fault(made.error()))
      return not_ok("with " + std::to_string(bytes) + " bytes for images: " + made.error().message);
    if (made && made->held > 0)
      return not_ok("images of " + std::to_string(made->held) +
                    " bytes are not released after run()");
  }
  return ok();
}

Verdict algorithm_is_cancelled(Subject& subject) {
  auto recipe = example(subject);
  if (!recipe) return skipped(recipe.error().message);
  if (!subject.manifest().as_stored) recipe->size = "5arcmin";
  recipe->rows = 16;
  auto bench = Bench::at(subject, *recipe);
  if (!bench) return not_ok(bench.error().message);
  using Clock = std::chrono::steady_clock;
  for (const int after : {0, 5}) {
    const auto end = Clock::now() + std::chrono::milliseconds(after);
    recipe->cancelled = [=] { return Clock::now() >= end; };
    const auto made = bench->make(subject, *recipe);
    const double late = std::chrono::duration<double>(Clock::now() - end).count();
    const auto when = "cancelled after " + std::to_string(after) + " ms";
    if (!made && made.error().code != ErrorCode::kCancelled)
      return not_ok(when + ", it failed otherwise: " + made.error().message);
    if (late > kSoon)
      return not_ok(when + ", it went on for " + number_text(late) +
                    " s: ask cancelled() every 100 ms, by job.call().checkpoint() say");
  }
  return ok();
}

Verdict algorithm_on_threads(Subject& subject) {
  const auto recipe = example(subject);
  if (!recipe) return skipped(recipe.error().message);
  const auto expected = make(subject, *recipe);
  if (!expected) return not_ok(expected.error().message);
  const auto algorithm = subject.algorithm();
  const auto first = Another<cutout::Algorithm>::open(subject, **algorithm);
  const auto second = Another<cutout::Algorithm>::open(subject, **algorithm);
  if (!first || !second) return not_ok((first ? second : first).error().message);
  auto one = Bench::at(subject, *recipe);
  auto two = Bench::at(subject, *recipe);
  if (!one || !two) return not_ok((one ? two : one).error().message);
  subject.stage("two instances ran on two threads");
  std::atomic<int> different = 0;
  const auto work = [&](Bench& bench, void* self) {
    auto mine = *recipe;
    mine.self = self;
    mine.rows = 32;
    for (int i = 0; i < 10; ++i)
      if (const auto made = bench.make(subject, mine); !made || made->pixels != expected->pixels)
        ++different;
  };
  std::thread thread([&] { work(*one, first->self()); });
  work(*two, second->self());
  thread.join();
  if (different > 0)
    return not_ok("two instances on two threads make other pixels than one alone, " +
                  std::to_string(different) + " times of 20: they share something");
  return ok();
}

Verdict algorithm_is_quick(Subject& subject) {
  auto recipe = example(subject);
  if (!recipe) return skipped(recipe.error().message);
  recipe->size = "2arcmin";
  auto bench = Bench::at(subject, *recipe);
  if (!bench) return not_ok(bench.error().message);
  auto made = bench->make(subject, *recipe);
  if (!made) return not_ok(made.error().message);
  made = bench->make(subject, *recipe);  // files are open now
  if (!made) return not_ok(made.error().message);
  const auto ms = [](double s) { return number_text(std::round(s * 1e5) / 100) + " ms"; };
  if (made->outline_s + made->run_s > 10 * kSoon)
    return not_ok(pixels_of(made->count) + " took " + ms(made->outline_s + made->run_s));
  return ok({"outline: " + ms(made->outline_s) + "; run: " + ms(made->run_s) + " for " +
             pixels_of(made->count)});
}

Verdict algorithm_leaks_nothing(Subject& subject) {
  auto recipe = example(subject);
  if (!recipe) return skipped(recipe.error().message);
  auto bench = Bench::at(subject, *recipe);
  if (!bench) return not_ok(bench.error().message);
  const auto algorithm = subject.algorithm();
  const auto round = [&]() -> std::string {
    const auto another = Another<cutout::Algorithm>::open(subject, **algorithm);
    if (!another) return another.error().message;
    recipe->self = another->self();
    const auto made = bench->make(subject, *recipe);
    if (!made) return made.error().message;
    return made->held ? "images of " + std::to_string(made->held) + " bytes are not released" : "";
  };
  return leaves_nothing(round, "opened, run and closed");
}

Verdict algorithm_leaves_the_process(Subject& subject) {
  const auto before = ProcessState::now();
  {
    const auto algorithm = subject.algorithm();
    if (!algorithm) return not_ok(algorithm.error().message);
    if (const auto recipe = example(subject)) {
      const auto another = Another<cutout::Algorithm>::open(subject, **algorithm);
      if (!another) return not_ok(another.error().message);
      auto mine = *recipe;
      mine.self = another->self();
      if (const auto made = make(subject, mine); !made) return not_ok(made.error().message);
    }
  }
  const auto changes = ProcessState::now().changes(before);
  if (!changes.empty()) return not_ok(join(changes, "; "));
  return ok();
}

}  // namespace

std::span<const Check> algorithm_checks() {
  static constexpr std::array kChecks{
      Check{"open: as often as asked", algorithm_opens},
      Check{"outline and run: it makes its products", algorithm_makes},
      Check{"outline and run: edges, corners and single pixels", algorithm_at_edges},
      Check{"run: by windows it is as whole", algorithm_by_windows},
      Check{"run: the same job makes the same pixels", algorithm_repeats_itself},
      Check{"run: it takes the values that its schema names", algorithm_takes_parameters},
      Check{"run: it keeps to its memory, and releases its images", algorithm_keeps_to_its_budget},
      Check{"run: it stops when it is cancelled", algorithm_is_cancelled},
      Check{"run: two instances on two threads", algorithm_on_threads},
      Check{"run: it is quick", algorithm_is_quick},
      Check{"run: nothing leaks", algorithm_leaks_nothing},
      Check{"algorithm: the process is left as it was, and may end", algorithm_leaves_the_process,
            Ending::kOrderly}};
  return kChecks;
}

}  // namespace recorte::check
