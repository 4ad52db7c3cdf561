// SPDX-License-Identifier: BSD-3-Clause
#include "core/remote/fetcher.hpp"

#include "core/base/secret.hpp"
#include "core/base/text.hpp"
#include "core/fits/remote_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace recorte::remote {
namespace {

using net::RangeAnswer;
using nlohmann::json;
using Outcome = RangeAnswer::Outcome;

constexpr std::int64_t kMostAtOnce = 8 << 20;  // bytes of one request, but for a block
constexpr int kMostMoves = 5;
constexpr std::size_t kNameDigits = 40;

std::string hash_of(const std::string& text) {
  return keyed_hash(SecretKey{}, text).substr(0, kNameDigits);
}

std::string about_name(const std::string& uri) { return hash_of(uri) + ".about"; }

tl::unexpected<Error> unreadable(ErrorCode code, const std::string& uri, const std::string& why) {
  return fail(code, fits::shown_uri(uri) + " cannot be read: " + why);
}

tl::unexpected<Error> changed(const std::string& uri) {
  return unreadable(ErrorCode::kUnavailable, uri, "it changed while it was read; try again");
}

/// "8392320 "etag"", which the reader of a file gives back as it is.
std::string version_text(std::int64_t size, const std::string& validator) {
  return std::to_string(size) + ' ' + validator;
}

}  // namespace

Result<std::unique_ptr<Fetcher>> Fetcher::open(FetchOptions options) {
  auto store = BlockStore::open(options.cache, options.bounds);
  if (!store) return fail(std::move(store).error());
  Hosts hosts(options.origins, options.networks, options.s3);
  return std::unique_ptr<Fetcher>(
      new Fetcher(std::move(options), std::move(hosts), std::move(*store)));
}

net::RangeCaller::Options Fetcher::callers() const {
  net::RangeCaller::Options out;
  out.connect = options_.connect;
  out.ca = options_.ca;
  out.region = options_.s3.region;
  out.key = options_.s3.key;
  out.secret = options_.s3.secret;
  out.token = options_.s3.token;
  out.may_reach = [this](const net::Address& address) { return hosts_.may_reach(address); };
  return out;
}

Answer Fetcher::fetch(const Question& question, net::RangeCaller& caller, const Stop& stop) {
  Answer out;
  const auto done = [&]() -> Status {
    auto place = hosts_.place(question.uri);
    if (!place) return fail(std::move(place).error());
    const Errand errand{question.uri, std::move(*place), caller, stop};
    State state;
    if (question.version.empty()) {
      auto known = now(errand);
      if (!known) return fail(std::move(known).error());
      state = std::move(*known);
    } else {
      const auto blank = question.version.find(' ');
      const auto size = to_int(question.version.substr(0, blank));
      if (blank == question.version.npos || !size || *size <= 0 ||
          question.version.find_first_of("\r\n") != question.version.npos)
        return fail(ErrorCode::kUsage, "a remote file was asked for in no state of it");
      state = {*size, question.version.substr(blank + 1)};
    }
    out.size = state.size;
    out.block = options_.block;
    out.version = version_text(state.size, state.validator);
    return find(errand, state, question.blocks, out.files);
  };
  out.status = done();
  if (!out.status) out.files.clear();
  return out;
}

/// As far as anybody asked within `fresh`; whoever asks gets the first block along.
Result<Fetcher::State> Fetcher::now(const Errand& errand) {
  const auto text = store_->text(about_name(errand.uri));
  const auto about = text ? json::parse(*text, nullptr, false) : json();
  std::optional<State> known;
  if (about.is_object()) {
    known = State{about.value("size", std::int64_t{0}), about.value("validator", "")};
    const auto age = now_micros() - about.value("asked", Micros{0});
    if (age >= 0 && age < options_.fresh) return std::move(*known);
  }
  net::RangeAsk first{errand.place.url, 0, options_.block - 1, "", false, errand.place.signs};
  if (known) {
    first.validator = known->validator;
    first.unless = true;
  }
  auto answer = ask(errand, first);
  if (!answer) return fail(std::move(answer).error());
  if (answer->outcome == Outcome::kUnchanged) {
    remember(errand.uri, *known);
    return std::move(*known);
  }
  if (answer->outcome == Outcome::kChanged)
    return unreadable(ErrorCode::kUnavailable, errand.uri, "it is empty");
  State state{answer->size, std::move(answer->validator)};
  auto put = store_->put(name(errand.uri, state, 0), answer->bytes);
  if (!put) return fail(std::move(put).error());
  remember(errand.uri, state);
  return state;
}

Status Fetcher::find(const Errand& errand, const State& state,
                     const std::vector<std::int64_t>& blocks, std::vector<Fd>& out) {
  const auto all = (state.size - 1) / options_.block + 1;
  for (const auto block : blocks) {
    if (block < 0 || block >= all)
      return fail(ErrorCode::kUsage, "a remote file was asked for a block that it does not have");
    out.push_back(store_->find(name(errand.uri, state, block)));
  }
  const auto most = std::max<std::int64_t>(1, kMostAtOnce / options_.block);
  for (std::size_t i = 0; i < blocks.size();) {
    if (out[i]) {
      ++i;
      continue;
    }
    std::int64_t count = 1;
    while (i + static_cast<std::size_t>(count) < blocks.size() && count < most &&
           blocks[i + static_cast<std::size_t>(count)] == blocks[i] + count &&
           !out[i + static_cast<std::size_t>(count)])
      ++count;
    RECORTE_TRY(get(errand, state, blocks[i], count, [&](std::int64_t number, Fd file) {
      out[i + static_cast<std::size_t>(number - blocks[i])] = std::move(file);
    }));
    i += static_cast<std::size_t>(count);
  }
  return {};
}

Status Fetcher::get(const Errand& errand, const State& state, std::int64_t first,
                    std::int64_t count, const std::function<void(std::int64_t, Fd)>& take) {
  const auto begin = first * options_.block;
  const auto end = std::min(state.size, (first + count) * options_.block);
  auto answer =
      ask(errand, {errand.place.url, begin, end - 1, state.validator, false, errand.place.signs});
  if (!answer) return fail(std::move(answer).error());
  if (answer->outcome != Outcome::kBytes || answer->size != state.size) {
    store_->remove(about_name(errand.uri));  // the next who opens it sees what it is now
    return changed(errand.uri);
  }
  const std::string_view bytes = answer->bytes;
  for (auto number = first; number < first + count; ++number) {
    const auto at = static_cast<std::size_t>((number - first) * options_.block);
    auto put = store_->put(name(errand.uri, state, number),
                           bytes.substr(at, static_cast<std::size_t>(options_.block)));
    if (!put) return fail(std::move(put).error());
    take(number, std::move(*put));
  }
  return {};
}

/// kBytes, kUnchanged or kChanged.
Result<RangeAnswer> Fetcher::ask(const Errand& errand, const net::RangeAsk& what) {
  const auto end = steady_micros() + options_.timeout;
  auto pause = options_.pause;
  for (std::int64_t attempt = 1;; ++attempt, pause *= 2) {
    auto answer = ask_once(errand, what, end - steady_micros());
    if (errand.stop(0)) return fail(ErrorCode::kCancelled, "cancelled");
    switch (answer.outcome) {
      case Outcome::kBytes:
      case Outcome::kUnchanged:
      case Outcome::kChanged: return answer;
      case Outcome::kMissing:
        return unreadable(ErrorCode::kNotFound, errand.uri, "its server " + answer.why);
      case Outcome::kLater:
        if (attempt >= options_.attempts || steady_micros() + pause >= end) break;
        if (errand.stop(pause)) return fail(ErrorCode::kCancelled, "cancelled");
        continue;
      case Outcome::kMoved:
      case Outcome::kRefused: break;
    }
    return unreadable(ErrorCode::kUnavailable, errand.uri, "its server " + answer.why);
  }
}

/// Goes where the server sends, as long as that is allowed.
RangeAnswer Fetcher::ask_once(const Errand& errand, net::RangeAsk what, Micros whole) {
  auto place = errand.place;
  for (int moves = 0;; ++moves) {
    what.url = place.url;
    auto answer = errand.caller.get(what, whole, [&] { return errand.stop(0); });
    if (answer.outcome != Outcome::kMoved) return answer;
    auto next = hosts_.redirected(place, answer.location);
    if (!next || moves == kMostMoves) {
      answer.why = !next ? "sends elsewhere: " + next.error().message
                         : "sends from one place to another without end";
      return answer;
    }
    place = std::move(*next);
  }
}

std::string Fetcher::name(const std::string& uri, const State& state, std::int64_t block) const {
  return hash_of(uri + '\n' + version_text(state.size, state.validator) + '\n' +
                 std::to_string(options_.block)) +
         "-" + std::to_string(block);
}

/// Where it cannot be written, it is asked again.
void Fetcher::remember(const std::string& uri, const State& state) {
  const json about{{"size", state.size}, {"validator", state.validator}, {"asked", now_micros()}};
  (void)store_->put(about_name(uri), about.dump());
}

}  // namespace recorte::remote
