// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/identify.hpp"

#include "core/base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace recorte::service {
namespace {

constexpr std::size_t kRemembered = 10'000;
constexpr std::size_t kLongestId = 1'024;

/// The part of a publisher DID that we gave: what follows the last "?".
std::string_view local_part(std::string_view id) {
  const auto mark = id.starts_with("ivo://") ? id.rfind('?') : id.npos;
  return mark == id.npos ? id : id.substr(mark + 1);
}

/// A survey that is hidden from them is none.
bool known_to(const account::Principal& principal, std::string_view id, const Surveys& surveys) {
  if (surveys.find(id) == nullptr) return false;
  const auto may = surveys.may_see(std::string(id), "", principal);
  return may || may.error().code != ErrorCode::kNotFound;
}

/// "demo_1": the survey demo, release 1.
std::optional<Identified> survey_release(std::string_view id, const account::Principal& principal,
                                         const Surveys& surveys) {
  for (auto at = id.rfind('_'); at != id.npos && at > 0; at = id.rfind('_', at - 1)) {
    const auto* card = surveys.find(id.substr(0, at));
    if (!card || !card->description || !known_to(principal, card->id, surveys)) continue;
    const std::string release(id.substr(at + 1));
    for (const auto& known : card->description->value("releases", std::vector<std::string>{}))
      if (known == release) return Identified{card->id, release, ""};
  }
  return {};
}

/// A request for one image, wherever it lies.
cutout::CutoutRequest image_request(const std::string& survey, const std::string& image) {
  cutout::CutoutRequest request;
  request.survey = survey;
  request.image = image;
  request.stencil = sky::Range{};
  return request;
}

Error unknown(const std::string& id, const Surveys& surveys, const account::Principal& principal) {
  std::vector<std::string> known;
  for (const auto& card : surveys.cards)
    if (card.visible_to(principal)) known.push_back(card.id);
  const auto near = did_you_mean(id, known);
  return {ErrorCode::kNotFound, "no survey or image is called '" + id + "'" +
                                    (!near.empty()   ? "; did you mean " + near + "?"
                                     : known.empty() ? "; there are no surveys here"
                                                     : "; the surveys are " + join(known, ", "))};
}

}  // namespace

/// One image id, asked for in one survey after another.
struct Identifier::Search {
  std::string id;
  Asker asker;
  Done done;
  std::shared_ptr<const Surveys> surveys;
  std::vector<std::string> candidates;  ///< surveys to ask, the last first
};

Identifier::Identifier(SurveyBook& surveys, Cutouts& cutouts)
    : surveys_(surveys), cutouts_(cutouts) {}

void Identifier::identify(const std::string& given, const Asker& asker, Done done) {
  const std::string id(local_part(given));
  if (id.empty() || id.size() > kLongestId)
    return done(fail(ErrorCode::kUsage, "the ID '" + given.substr(0, 80) +
                                            "' names nothing; write a survey, such as ID=demo"));
  surveys_.ask([this, id, asker, done = std::move(done)](auto surveys) {
    if (known_to(asker.principal, id, *surveys)) return done(Identified{id, "", ""});
    if (auto release = survey_release(id, asker.principal, *surveys))
      return done(std::move(*release));
    if (const auto slash = id.find('/');
        slash != id.npos &&
        known_to(asker.principal, std::string_view(id).substr(0, slash), *surveys))
      return done(Identified{id.substr(0, slash), "", id.substr(slash + 1)});

    auto search = std::make_shared<Search>(Search{id, asker, done, surveys, {}});
    for (const auto& card : surveys->cards)
      if (card.visible_to(asker.principal)) search->candidates.push_back(card.id);
    // Most surveys begin their images' ids with their own.
    std::stable_partition(search->candidates.begin(), search->candidates.end(),
                          [&](const auto& survey) { return !id.starts_with(survey); });
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = survey_of_image_.find(id); known != survey_of_image_.end())
        if (known_to(asker.principal, known->second, *surveys))
          return done(Identified{known->second, "", id});
    }
    next(std::move(search));
  });
}

void Identifier::next(std::shared_ptr<Search> search) {
  if (search->candidates.empty())
    return search->done(fail(unknown(search->id, *search->surveys, search->asker.principal)));
  const auto survey = std::move(search->candidates.back());
  search->candidates.pop_back();
  cutouts_.images(image_request(survey, search->id), search->asker,
                  [this, search, survey](const Answer<nlohmann::json>& answer) {
                    // It is there, though its file may be broken.
                    const bool found =
                        answer.result || answer.result.error().code == ErrorCode::kData;
                    if (found) {
                      {
                        const std::lock_guard lock(mutex_);
                        if (survey_of_image_.size() >= kRemembered) survey_of_image_.clear();
                        survey_of_image_[search->id] = survey;
                      }
                      return search->done(Identified{survey, "", search->id});
                    }
                    const auto code = answer.result.error().code;
                    if (code == ErrorCode::kCancelled || code == ErrorCode::kUnavailable)
                      return search->done(fail(answer.result.error()));
                    next(search);
                  });
}

}  // namespace recorte::service
