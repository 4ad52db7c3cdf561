// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/check/asking.hpp"
#include "core/check/checks.hpp"
#include "core/check/leaks.hpp"
#include "core/check/process_state.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <thread>

namespace recorte::check {
namespace {

/// Ten times what the contract allows: the machine may be busy.
constexpr double kSoon = 1;  // seconds
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

struct Nonsense {
  std::string_view what;
  Question question;
};

Question of_image(std::string id) {
  Question out{whole_sky()};
  out.image = std::move(id);
  return out;
}

Question of_kind(recorte_region_kind kind) {
  Question out{circle(10, 10, 0.1)};
  out.region.kind = kind;
  return out;
}

std::vector<Nonsense> nonsense() {
  std::vector<Nonsense> out{
      {"a right ascension that is no number", {circle(kNan, 0, 1)}},
      {"a declination that is no number", {circle(0, kNan, 1)}},
      {"a radius that is no number", {circle(0, 0, kNan)}},
      {"an infinite radius", {circle(0, 0, kInf)}},
      {"a negative radius", {circle(0, 0, -1)}},
      {"a radius of nothing", {circle(0, 0, 0)}},
      {"a huge radius", {circle(0, 0, 1e300)}},
      {"a huge right ascension", {circle(1e300, 0, 1)}},
      {"a declination beyond the pole", {circle(0, 91, 1)}},
      {"a band that there is not", {circle(0, 0, 1), {"no such band"}}},
      {"a band without a name", {circle(0, 0, 1), {""}}},
      {"a band with a name of a megabyte", {circle(0, 0, 1), {std::string(1U << 20, 'b')}}},
      {"a thousand bands", {circle(0, 0, 1), std::vector<std::string>(1000, "g")}},
      {"a release that there is not", {circle(0, 0, 1), {}, "no such release"}},
      {"times the wrong way round", {circle(0, 0, 1), {}, "", "", 6e4, 5e4}},
      {"infinite times", {circle(0, 0, 1), {}, "", "", -kInf, kInf}},
      {"a box without a size", of_kind(RECORTE_BOX)},
      {"a polygon without vertices", of_kind(RECORTE_POLYGON)},
      {"a range without bounds", of_kind(RECORTE_RANGE)},
      {"a region of an unknown kind", of_kind(99)}};
  for (const auto* id : {"no such image", "../../../../etc/passwd", "%s%n%x", "'; drop table x"})
    out.push_back({"the image ", of_image(id)});
  out.push_back({"an image with a name of a megabyte", of_image(std::string(1U << 20, 'i'))});
  return out;
}

/// Places of the survey, and others.
std::vector<Question> places(const cutout::Survey& survey) {
  std::vector<Question> out{{circle(77, -33, 0.5)}, {circle(0, 0, 5)}, {circle(10, 90, 1)}};
  for (const auto& one : lying(find(survey, {whole_sky()}), 20)) {
    const auto centre = sky::to_position(one.footprint.cap.centre);
    out.push_back({circle(centre.ra, centre.dec, 0.02)});
  }
  return out;
}

using Ids = std::vector<std::vector<std::string>>;

/// In their order: an answer is the same only if that is.
Ids answers(const cutout::Survey& survey, const std::vector<Question>& questions,
            const Manner& manner = {}) {
  Ids out;
  for (const auto& question : questions) {
    auto& ids = out.emplace_back();
    for (const auto& source : find(survey, question, manner).sources)
      ids.push_back(source.id + " " + source.band + " " + source.s_region);
  }
  return out;
}

Verdict survey_takes_nonsense(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  for (const auto& [what, question] : nonsense()) {
    const auto name = std::string(what) + question.image.substr(0, 30);
    subject.stage("it was asked for " + name);
    const auto answer = find(**survey, question);
    if (answer.threw || !answer.malformed.empty() || answer.status < RECORTE_OK ||
        answer.status >= RECORTE_INTERNAL)
      return not_ok(name + " gave " + said(answer) + "; say RECORTE_INVALID, or find nothing");
    if (!question.image.empty() && !answer.sources.empty())
      return not_ok(name + ", which there is not, gave " + std::to_string(answer.sources.size()) +
                    " sources");
    if (answer.seconds > 2 * kSoon)
      return not_ok(name + " took " + number_text(answer.seconds) + " s");
  }
  return ok();
}

Verdict survey_stops_when_full(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  if (find(**survey, {whole_sky()}).sources.size() < 2)
    return skipped("it has fewer than two images");
  Manner manner;
  manner.most = 1;
  manner.refusal = RECORTE_RESOURCE;
  const auto answer = find(**survey, {whole_sky()}, manner);
  if (answer.sources.size() > 1)
    return not_ok("it added sources after the host had taken its last");
  if (answer.threw || answer.status != RECORTE_RESOURCE)
    return not_ok("the host took no more, with status 7, and find() gave " + said(answer) +
                  ": return what add() returns");
  return ok();
}

Verdict survey_is_cancelled(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  const std::atomic<bool> at_once = true;
  Manner manner;
  manner.most = 10'000'000;
  manner.cancelled = &at_once;
  const auto judge = [](const Answer& answer, double after, const char* when) -> std::string {
    if (answer.threw || (answer.status != RECORTE_OK && answer.status != RECORTE_CANCELLED))
      return "cancelled " + std::string(when) + ", it gave " + said(answer);
    if (after > kSoon)
      return "cancelled " + std::string(when) + ", it went on for " + number_text(after) +
             " s: ask cancelled() every 100 ms";
    return "";
  };
  const auto first = find(**survey, {whole_sky()}, manner);
  if (auto wrong = judge(first, first.seconds, "before it began"); !wrong.empty())
    return not_ok(wrong);
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  manner.cancelled = nullptr;
  manner.poll_cancelled = [&] { return Clock::now() - begun > std::chrono::milliseconds(20); };
  const auto later = find(**survey, {whole_sky()}, manner);
  if (auto wrong = judge(later, later.seconds - 0.02, "after 20 ms"); !wrong.empty())
    return not_ok(wrong);
  return ok();
}

Verdict survey_repeats_itself(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  const auto questions = places(**survey);
  const auto once = answers(**survey, questions);
  if (answers(**survey, questions) != once) return not_ok("the same question has two answers");
  const auto another = Another<cutout::Survey>::open(subject, **survey);
  if (!another) return not_ok(another.error().message);
  Manner manner;
  manner.self = another->self();
  if (answers(**survey, questions, manner) != once)
    return not_ok("two instances of one survey have different answers");
  return ok();
}

Verdict survey_on_threads(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  const auto questions = places(**survey);
  const auto expected = answers(**survey, questions);
  const auto first = Another<cutout::Survey>::open(subject, **survey);
  const auto second = Another<cutout::Survey>::open(subject, **survey);
  if (!first || !second) return not_ok((first ? second : first).error().message);
  subject.stage("two instances were asked on two threads");
  std::atomic<int> different = 0;
  const auto work = [&](void* self) {
    Manner manner;
    manner.self = self;
    for (int i = 0; i < 50; ++i)
      if (answers(**survey, questions, manner) != expected) ++different;
  };
  std::thread thread(work, first->self());
  work(second->self());
  thread.join();
  if (different > 0)
    return not_ok("two instances on two threads have other answers than one alone, " +
                  std::to_string(different) + " times of 100: they share something");
  return ok();
}

Verdict survey_leaks_nothing(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  const auto questions = places(**survey);
  const auto round = [&]() -> std::string {
    const auto another = Another<cutout::Survey>::open(subject, **survey);
    if (!another) return another.error().message;
    Manner manner;
    manner.self = another->self();
    answers(**survey, questions, manner);
    return "";
  };
  return leaves_nothing(round, "opened, asked and closed");
}

Verdict survey_leaves_the_process(Subject& subject) {
  const auto before = ProcessState::now();
  {
    const auto survey = subject.survey();
    if (!survey) return subject.not_opened(survey.error());
    const auto another = Another<cutout::Survey>::open(subject, **survey);
    if (!another) return not_ok(another.error().message);
    Manner manner;
    manner.self = another->self();
    find(**survey, {whole_sky()}, manner);
  }
  auto changes = ProcessState::now().changes(before);
  if (!changes.empty()) return not_ok(join(changes, "; "));
  return ok();
}

}  // namespace

std::span<const Check> survey_checks() {
  static constexpr std::array kChecks{
      Check{"open: as often as asked", survey_opens},
      Check{"describe: what it says of itself makes sense", survey_describes},
      Check{"find: the images of the whole sky make sense", survey_finds_all},
      Check{"find: each image is found where it lies, and by its id", survey_finds_each},
      Check{"find: right ascension 0 is no edge", survey_at_ra_zero},
      Check{"find: the poles are places like others", survey_at_poles},
      Check{"find: nonsense does no harm", survey_takes_nonsense},
      Check{"find: it stops when the host takes no more", survey_stops_when_full},
      Check{"find: it stops when it is cancelled", survey_is_cancelled},
      Check{"find: the same question has the same answer", survey_repeats_itself},
      Check{"find: two instances on two threads", survey_on_threads},
      Check{"find: it is quick", survey_is_quick},
      Check{"find: nothing leaks", survey_leaks_nothing},
      Check{"survey: the process is left as it was, and may end", survey_leaves_the_process,
            Ending::kOrderly}};
  return kChecks;
}

}  // namespace recorte::check
