// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/survey_book.hpp"

#include "core/base/log.hpp"
#include "core/base/stamp.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/base/utf8.hpp"
#include "core/survey/access_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <mutex>
#include <utility>

namespace recorte::service {
namespace {

namespace fs = std::filesystem;

/// How often the directory is looked at, at most.
constexpr std::int64_t kLookMs = 1'000;
/// After which a survey that seems unchanged is described anew: its files may lie elsewhere.
constexpr std::int64_t kDescribeMs = 60'000;

/// A survey's file and the index that usually lies beside it.
using Stamps = std::pair<FileStamp, FileStamp>;

std::map<std::string, Stamps> look(const fs::path& directory) {
  std::map<std::string, Stamps> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().extension() != ".toml") continue;
    auto index = entry.path();
    index.replace_extension(".index");
    out[entry.path().stem()] = {file_stamp(entry.path()).value_or(FileStamp{}),
                                file_stamp(index).value_or(FileStamp{})};
  }
  return out;
}

account::SurveyAccess access_of(const std::string& id, const nlohmann::json& description) {
  account::SurveyAccess out;
  out.survey = id;
  out.group = description.value("access_group", "");
  const auto more = description.find("access");
  if (more == description.end()) return out;
  out.hidden = more->value("hidden", false);
  out.by_image = more->value("by_image", false);
  out.share = more->value("share", true);
  for (const auto& [release, group] : more->at("releases").items())
    out.releases.emplace(release, group.get<std::string>());
  return out;
}

}  // namespace

bool SurveyCard::visible_to(const account::Principal& principal) const {
  return description && account::sees(access, principal);
}

std::string documented_plugin(const nlohmann::json& description) {
  if (!description.value("documented", false)) return "";
  const auto name = description.value("plugin", "");
  return name.substr(0, name.find(' '));
}

const SurveyCard* Surveys::find(std::string_view id) const {
  const auto at = std::lower_bound(cards.begin(), cards.end(), id,
                                   [](const auto& card, auto wanted) { return card.id < wanted; });
  return at != cards.end() && at->id == id ? &*at : nullptr;
}

Status Surveys::may_see(const std::string& id, std::string_view release,
                        const account::Principal& principal) const {
  const auto none = [&]() -> Error {
    std::vector<std::string> known;
    for (const auto& card : cards)
      if (card.visible_to(principal)) known.push_back(card.id);
    const auto near = did_you_mean(id, known);
    return {ErrorCode::kNotFound, "no survey is called '" + good_utf8(id.substr(0, 60)) + "'; " +
                                      (!near.empty()   ? "did you mean " + near + "?"
                                       : known.empty() ? "there are none here for you"
                                                       : "there are " + join(known, ", "))};
  };
  const auto* card = find(id);
  if (card == nullptr) return fail(none());
  if (!card->description) return {};
  const auto served = card->description->value("release", "");
  return account::may_see(card->access, release.empty() ? served : release, principal, none);
}

struct SurveyBook::State : std::enable_shared_from_this<SurveyBook::State> {
  State(fs::path where, schedule::Executor& by) : directory(std::move(where)), executor(by) {}

  const fs::path directory;
  schedule::Executor& executor;

  std::mutex mutex;
  std::shared_ptr<const Surveys> current;
  std::map<std::string, Stamps> described;  ///< stamps that `current` was made at
  std::int64_t looked = 0, described_at = 0;
  bool describing = false;
  std::vector<Then> waiting;
  std::vector<Then> anew;  ///< who wait for a round that has not begun

  /// One round of describing: what is new is asked for, the rest is kept.
  struct Round {
    std::map<std::string, Stamps> stamps;
    Surveys surveys;  ///< each card is filled by one answer
    std::atomic<std::size_t> missing = 0;
    std::vector<Then> then;
  };

  /// A round, where one is due; else null. `mutex` is held.
  std::shared_ptr<Round> due() {
    const auto now = monotonic_ms();
    const bool told = !anew.empty();
    if (describing || (current && !told && now - looked < kLookMs)) return nullptr;
    looked = now;
    auto stamps = look(directory);
    const bool same = current && stamps == described;
    if (same && !told && now - described_at < kDescribeMs) return nullptr;
    describing = true;
    described_at = now;
    auto round = std::make_shared<Round>();
    round->then.swap(anew);
    for (const auto& [id, stamp] : stamps) {
      const auto known = described.find(id);
      const auto* card = current ? current->find(id) : nullptr;
      // A round of age asks for all; one of change for what changed, and for what failed.
      if (!same && !told && card && card->description && known != described.end() &&
          known->second == stamp)
        round->surveys.cards.push_back(*card);
      else
        round->surveys.cards.push_back({id, nullptr, {}, {}});
    }
    round->stamps = std::move(stamps);
    return round;
  }

  /// What is known now; what is new on disk is described behind it.
  std::shared_ptr<const Surveys> known() {
    std::shared_ptr<Round> round;
    std::shared_ptr<const Surveys> out;
    {
      const std::lock_guard lock(mutex);
      round = due();
      out = current;
    }
    if (round) run(round);
    return out;
  }

  void run(const std::shared_ptr<Round>& round) {
    std::vector<std::pair<std::size_t, std::string>> missing;
    for (std::size_t i = 0; i < round->surveys.cards.size(); ++i)
      if (const auto& card = round->surveys.cards[i]; !card.description)
        missing.emplace_back(i, card.id);
    round->missing = missing.size();
    if (missing.empty()) return finish(*round);
    for (const auto& [i, id] : missing)
      executor.describe(
          id, [self = shared_from_this(), round, i = i](Result<nlohmann::json> answer) {
            auto& card = round->surveys.cards[i];
            if (answer) {
              card.access = access_of(card.id, *answer);
              card.description = std::make_shared<const nlohmann::json>(std::move(*answer));
            } else
              card.error = std::move(answer).error();
            self->publish(card);
            if (--round->missing == 0) self->finish(*round);
          });
  }

  /// One that is known holds up none of the others.
  void publish(const SurveyCard& card) {
    const std::lock_guard lock(mutex);
    if (!current) return;
    auto with = *current;
    auto at = std::ranges::lower_bound(with.cards, card.id, {}, &SurveyCard::id);
    if (at == with.cards.end() || at->id != card.id) at = with.cards.insert(at, card);
    *at = card;
    current = std::make_shared<const Surveys>(std::move(with));
  }

  void finish(Round& round) {
    for (const auto& card : round.surveys.cards)
      if (card.error) log::write(log::Level::kWarn, card.error->message, {{"survey", card.id}});
    auto answered = std::move(round.then);
    std::shared_ptr<const Surveys> now;
    std::shared_ptr<Round> next;
    {
      const std::lock_guard lock(mutex);
      now = current = std::make_shared<const Surveys>(std::move(round.surveys));
      described = std::move(round.stamps);
      describing = false;
      std::ranges::move(waiting, std::back_inserter(answered));
      waiting.clear();
      if (!anew.empty()) next = due();
    }
    for (const auto& then : answered) then(now);
    if (next) run(next);
  }
};

SurveyBook::SurveyBook(fs::path directory, schedule::Executor& executor)
    : state_(std::make_shared<State>(std::move(directory), executor)) {}

void SurveyBook::ask(Then then) {
  std::shared_ptr<State::Round> round;
  std::shared_ptr<const Surveys> now;
  {
    const std::lock_guard lock(state_->mutex);
    round = state_->due();
    // A survey that hangs while it is described keeps nobody from the others.
    now = state_->current;
    if (!now) state_->waiting.push_back(then);
  }
  if (round) state_->run(round);
  if (now) then(now);
}

void SurveyBook::describe_anew(Then then) {
  std::shared_ptr<State::Round> round;
  {
    const std::lock_guard lock(state_->mutex);
    state_->anew.push_back(std::move(then));
    round = state_->due();
  }
  if (round) state_->run(round);
}

std::shared_ptr<const Surveys> SurveyBook::now() const {
  const std::lock_guard lock(state_->mutex);
  return state_->current;
}

Status SurveyBook::may_see(const std::string& id, std::string_view release,
                           const account::Principal& principal) const {
  const auto known = state_->known();
  return known ? known->may_see(id, release, principal) : Status();
}

Status SurveyBook::by_rule(
    const account::Need& need,
    const std::function<Status(const account::SurveyAccess*)>& decide) const {
  const auto known = state_->known();
  const auto* card = known ? known->find(need.survey) : nullptr;
  if (card != nullptr && card->description) return decide(&card->access);
  if (known && card == nullptr) return decide(nullptr);
  const auto rule = survey::read_survey_access(state_->directory / (need.survey + ".toml"));
  if (!rule)
    return fail(ErrorCode::kUnavailable, "the survey " + need.survey +
                                             " cannot be served at the moment, so that nobody can "
                                             "say whose these results are; try again later");
  return decide(&*rule);
}

Status SurveyBook::may_have(const account::Need& need, const account::Principal& principal) const {
  return by_rule(need, [&](const auto* now) { return account::may_have(now, need, principal); });
}

Status SurveyBook::may_share(const account::Need& need) const {
  return by_rule(need, [&](const auto* now) { return account::may_share(now, need); });
}

}  // namespace recorte::service
