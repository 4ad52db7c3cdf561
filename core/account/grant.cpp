// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/grant.hpp"

#include "core/base/text.hpp"
#include "core/base/utf8.hpp"

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace recorte::account {
namespace {

template <class Kind>
struct Word {
  std::string_view text;
  Kind kind;
  bool named;  ///< a name follows
};
template <class Kind>
Word(const char*, Kind, bool) -> Word<Kind>;

constexpr std::array kSubjects{
    Word{"anyone", Subject::Kind::kAnyone, false},
    Word{"signed-in", Subject::Kind::kSignedIn, false}, Word{"user", Subject::Kind::kUser, true},
    Word{"group", Subject::Kind::kGroup, true}, Word{"service", Subject::Kind::kService, true}};
constexpr std::array kActions{Word{"read", Action::kRead, false},
                              Word{"admin", Action::kAdmin, false},
                              Word{"act", Action::kAct, false}};
constexpr std::array kResources{
    Word{"service", Resource::Kind::kService, false}, Word{"survey", Resource::Kind::kSurvey, true},
    Word{"user", Resource::Kind::kUser, true}, Word{"group", Resource::Kind::kGroup, true},
    Word{"everyone", Resource::Kind::kEveryone, false}};

template <class Words>
std::string listed(const Words& words) {
  std::vector<std::string> out;
  for (const auto& word : words)
    out.push_back(std::string(word.text) + (word.named ? " NAME" : ""));
  return join(out, ", ");
}

/// Takes a word, and the name that belongs to it.
class Reader {
 public:
  explicit Reader(std::string_view sentence) : sentence_(sentence) {
    for (const auto& word : split(sentence, ' '))
      if (!trim(word).empty()) words_.emplace_back(trim(word));
  }
  template <class Words>
  auto take(const Words& words, std::string_view what, std::string* name)
      -> Result<decltype(words.front().kind)> {
    for (const auto& word : words) {
      if (at_ >= words_.size() || words_[at_] != word.text) continue;
      ++at_;
      if (!word.named) return word.kind;
      if (at_ >= words_.size()) return wrong("a name after '" + std::string(word.text) + "'");
      *name = words_[at_++];
      return word.kind;
    }
    return wrong(std::string(what) + ": " + listed(words));
  }
  Status expect(std::string_view word) {
    if (at_ >= words_.size() || words_[at_] != word) return wrong("'" + std::string(word) + "'");
    ++at_;
    return {};
  }
  Status end() const {
    if (at_ == words_.size()) return {};
    return wrong("its end");
  }

 private:
  tl::unexpected<Error> wrong(const std::string& wanted) const {
    return fail(ErrorCode::kUsage,
                "'" + good_utf8(sentence_.substr(0, 200)) + "' is no grant: " +
                    (at_ < words_.size() ? "'" + good_utf8(words_[at_].substr(0, 60)) + "' stands"
                                         : "it ends") +
                    " where there should be " + wanted +
                    "; a grant is like 'group des may read on survey des_y6'");
  }
  std::string_view sentence_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

/// Which actions go with which resources, and that not everybody may do everything.
Status fits(const Grant& grant) {
  using S = Subject::Kind;
  using R = Resource::Kind;
  const auto on = grant.resource.kind;
  const bool many = grant.subject.kind == S::kAnyone || grant.subject.kind == S::kSignedIn;
  const auto wrong = [&](const char* why) {
    return fail(ErrorCode::kUsage, "'" + grant_text(grant) + "' cannot be granted: " + why);
  };
  if (grant.action == Action::kRead && on != R::kSurvey) return wrong("one reads on a survey");
  if (grant.action == Action::kAdmin && on != R::kService)
    return wrong("one is an admin on the service");
  if (grant.action == Action::kAdmin && many) return wrong("an admin is a user or in a group");
  if (grant.action == Action::kAct && grant.subject.kind != S::kService)
    return wrong("only services act for users");
  if (grant.action == Action::kAct && (on == R::kSurvey || on == R::kService))
    return wrong("one acts on a user, a group's members, or everyone");
  return {};
}

template <class Words, class Kind>
std::string word_of(const Words& words, Kind kind, const std::string& name) {
  for (const auto& word : words)
    if (word.kind == kind) return std::string(word.text) + (word.named ? " " + name : "");
  return {};
}

}  // namespace

Result<Grant> parse_grant(std::string_view sentence) {
  Reader reader(sentence);
  Grant out;
  const auto subject = reader.take(kSubjects, "a subject", &out.subject.name);
  if (!subject) return fail(subject.error());
  RECORTE_TRY(reader.expect("may"));
  const auto action = reader.take(kActions, "an action", nullptr);
  if (!action) return fail(action.error());
  RECORTE_TRY(reader.expect("on"));
  const auto resource = reader.take(kResources, "a resource", &out.resource.name);
  if (!resource) return fail(resource.error());
  RECORTE_TRY(reader.end());
  out.subject.kind = *subject;
  out.action = *action;
  out.resource.kind = *resource;
  RECORTE_TRY(fits(out));
  return out;
}

std::string grant_text(const Grant& grant) {
  return word_of(kSubjects, grant.subject.kind, grant.subject.name) + " may " +
         word_of(kActions, grant.action, "") + " on " +
         word_of(kResources, grant.resource.kind, grant.resource.name);
}

}  // namespace recorte::account
