// SPDX-License-Identifier: BSD-3-Clause
#include "core/check/check.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/check/checks.hpp"
#include "core/check/places.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace recorte::check {
namespace {

using nlohmann::json;

std::string encode(const Verdict& verdict) {
  return json{{"kind", verdict.kind}, {"why", verdict.why}, {"notes", verdict.notes}}.dump(
      -1, ' ', false, json::error_handler_t::replace);
}

Verdict decode(const std::string& text) {
  const auto document = json::parse(text, nullptr, false);
  if (!document.is_object()) return not_ok("it spoilt the report of the check");
  return {document["kind"], document["why"], document["notes"]};
}

/// A report as it is written.
class Tap {
 public:
  Tap(std::FILE* out, std::size_t plan) : out_(out) {
    std::fprintf(out, "TAP version 14\n1..%zu\n", plan);
  }
  void add(std::string_view name, const Verdict& verdict) {
    const bool good = verdict.kind != Verdict::Kind::kNotOk;
    all_ok_ = all_ok_ && good;
    std::fprintf(out_, "%sok %d - %.*s", good ? "" : "not ", ++number_,
                 static_cast<int>(name.size()), name.data());
    if (verdict.kind == Verdict::Kind::kSkipped)
      std::fprintf(out_, " # SKIP %s", one_line(verdict.why).c_str());
    std::fputc('\n', out_);
    if (!good) {
      // JSON is YAML.
      const auto text = json(verdict.why).dump(-1, ' ', false, json::error_handler_t::replace);
      std::fprintf(out_, "  ---\n  message: %s\n  ...\n", text.c_str());
    }
    for (const auto& note : verdict.notes) std::fprintf(out_, "# %s\n", one_line(note).c_str());
    std::fflush(out_);
  }
  bool all_ok() const { return all_ok_; }

 private:
  static std::string one_line(std::string text) {
    for (auto& c : text)
      if (static_cast<unsigned char>(c) < ' ') c = ' ';
    return text;
  }
  std::FILE* out_;
  int number_ = 0;
  bool all_ok_ = true;
};

/// The last lines that a plugin logged, for what is not ok.
std::vector<std::string> last_lines(const std::string& text) {
  auto lines = split(text, '\n');
  std::erase(lines, "");
  if (lines.size() > 5) lines.erase(lines.begin(), lines.end() - 5);
  for (auto& line : lines) line = "log: " + line;
  return lines;
}

class Runner {
 public:
  Runner(const Options& options, plugin::Manifest manifest, std::filesystem::path scratch,
         std::FILE* out, std::size_t plan)
      : options_(options),
        file_(std::filesystem::absolute(options.file)),
        scratch_(std::move(scratch)),
        manifest_(std::move(manifest)),
        tap_(out, plan) {}

  Status run(const Check& check, const Place& place) {
    std::error_code error;
    for (const auto& left : std::filesystem::directory_iterator(scratch_, error))
      std::filesystem::remove_all(left, error);
    auto ended = in_child(options_.limits, check.ending, [&](const Stage& stage) {
      std::filesystem::current_path(scratch_, error);
      stage("it was loaded");
      Subject subject(file_, manifest_, place, stage);
      return encode(check.run(subject));
    });
    if (!ended) return fail(std::move(ended).error());
    auto verdict = !ended->trouble.empty() ? not_ok(ended->trouble) : decode(*ended->answer);
    if (verdict.kind == Verdict::Kind::kNotOk) verdict.notes = last_lines(ended->said);
    if (printed_.empty()) printed_ = ended->printed.substr(0, 200);
    tap_.add(check.name, verdict);
    last_ = verdict.kind;
    return {};
  }
  /// All of them; or none, where there is a reason.
  Status run(std::span<const Check> checks, const Place& place, const std::string& why_not) {
    for (const auto& check : checks)
      if (why_not.empty())
        RECORTE_TRY(run(check, place));
      else
        tap_.add(check.name, skipped(why_not));
    return {};
  }
  void add(std::string_view name, const Verdict& verdict) { tap_.add(name, verdict); }
  const std::string& printed() const { return printed_; }
  Verdict::Kind last() const { return last_; }
  bool all_ok() const { return tap_.all_ok(); }

 private:
  const Options& options_;
  std::filesystem::path file_, scratch_;
  plugin::Manifest manifest_;
  Tap tap_;
  std::string printed_;
  Verdict::Kind last_ = Verdict::Kind::kOk;
};

constexpr std::string_view kManifest = "its manifest is there and complete";
constexpr std::string_view kSilence = "nothing is printed to standard output";

}  // namespace

Result<bool> check(const Options& options, std::FILE* out) {
  const auto manifest = plugin::read_manifest(options.file);
  if (!manifest && manifest.error().code != ErrorCode::kPlugin) return fail(manifest.error());
  if (!manifest) {
    Tap tap(out, 1);
    tap.add(kManifest, not_ok(manifest.error().message));
    return false;
  }
  const bool survey = manifest->provides(RECORTE_SURVEY_V1);
  const bool algorithm = manifest->provides(RECORTE_ALGORITHM_V1);
  Places places;
  const auto its_survey = places.of_survey(*manifest, options.survey);
  const bool wants_settings = !its_survey && its_survey.error().code == ErrorCode::kUsage &&
                              (options.survey.empty() || algorithm);
  if (survey && !its_survey && !wants_settings) return fail(its_survey.error());
  const auto images = algorithm ? places.of_images(options.survey) : Result<Place>(Place{});
  if (!images) return fail(images.error());

  const auto all = file_checks().size() + (survey ? survey_checks().size() : 0) +
                   (algorithm ? algorithm_checks().size() : 0) + 2;
  const auto scratch = places.scratch();
  if (!scratch) return fail(scratch.error());
  Runner runner(options, *manifest, *scratch, out, all);
  runner.add(kManifest,
             ok({manifest->id + " " + manifest->version + ", " + manifest->licence + ", ABI " +
                 std::to_string(manifest->abi_major) + "." + std::to_string(manifest->abi_minor)}));
  for (const auto& check : file_checks()) RECORTE_TRY(runner.run(check, {}));
  const std::string broken = runner.last() == Verdict::Kind::kOk ? "" : "it does not load";
  if (survey) {
    const auto why = !broken.empty() || its_survey ? broken : its_survey.error().message;
    RECORTE_TRY(runner.run(survey_checks(), its_survey.value_or(Place{}), why));
  }
  if (algorithm) RECORTE_TRY(runner.run(algorithm_checks(), *images, broken));
  runner.add(kSilence, runner.printed().empty() ? ok()
                                                : not_ok("it printed: " + runner.printed() +
                                                         "; log through the host instead"));
  return runner.all_ok();
}

}  // namespace recorte::check
