// SPDX-License-Identifier: BSD-3-Clause
#include "auth/verdicts/verdicts.hpp"

#include "core/base/id.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace recorte::auth {
namespace {

account::Key own_key() { return account::Keys::of(random_hex(32)).value().key("verdict"); }

/// Each with its length before it, so that ("a", "bc") is not ("ab", "c").
std::string joined(std::initializer_list<std::string_view> texts) {
  std::string out;
  for (const auto text : texts) out.append(std::to_string(text.size())).append(":").append(text);
  return out;
}

}  // namespace

Error wrong_password() {
  return {ErrorCode::kUnauthenticated, "the name or the password is wrong"};
}

Verdicts::Verdicts(Options options) : options_(std::move(options)), key_(own_key()) {}

Verdicts::Verdict Verdicts::get(std::initializer_list<std::string_view> what,
                                const std::function<Verdict()>& ask) {
  const auto hash = key_.hash_of(joined(what));
  std::unique_lock lock(mutex_);
  if (const auto found = kept_.find(hash); found != kept_.end()) {
    if (options_.clock_ms() < found->second.until) return found->second.verdict;
    kept_.erase(found);
  }
  if (const auto found = flights_.find(hash); found != flights_.end()) {
    const auto flight = found->second;
    landed_.wait(lock, [&] { return flight->verdict.has_value(); });
    return *flight->verdict;
  }
  const auto flight = std::make_shared<Flight>();
  flights_.emplace(hash, flight);
  lock.unlock();
  auto verdict = asked(ask);
  lock.lock();
  flight->verdict = verdict;
  flights_.erase(hash);
  landed_.notify_all();
  keep(hash, verdict);
  return verdict;
}

/// Whatever it throws would have the others wait for ever.
Verdicts::Verdict Verdicts::asked(const std::function<Verdict()>& ask) const {
  try {
    return ask();
  } catch (const std::exception& error) {
    return fail(ErrorCode::kInternal, error.what());
  }
}

void Verdicts::keep(const std::string& hash, const Verdict& verdict) {
  const bool refused = !verdict && verdict.error().code == ErrorCode::kUnauthenticated;
  if (!verdict && !refused) return;
  const auto length =
      (refused ? std::min(options_.keep, options_.keep_refusal) : options_.keep) / 1000;
  if (length <= 0 || options_.most == 0) return;
  const auto now = options_.clock_ms();
  if (kept_.size() >= options_.most)
    std::erase_if(kept_, [&](const auto& each) { return each.second.until <= now; });
  if (kept_.size() >= options_.most)
    kept_.erase(
        std::ranges::min_element(kept_, {}, [](const auto& each) { return each.second.until; }));
  kept_.insert_or_assign(hash, Kept{verdict, now + length});
}

std::size_t Verdicts::kept() const {
  const std::scoped_lock lock(mutex_);
  return kept_.size();
}

}  // namespace recorte::auth
