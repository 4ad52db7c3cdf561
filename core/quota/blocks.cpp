// SPDX-License-Identifier: BSD-3-Clause
#include "core/quota/blocks.hpp"

#include "core/base/calendar.hpp"
#include "core/base/log.hpp"
#include "core/quota/verdict.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace recorte::quota {
namespace {

constexpr auto kTick = std::chrono::seconds(5);
constexpr std::size_t kThreads = 2;

using Done = std::function<void(Result<Drawn>)>;

/// What one user has of the ledger.
struct Block {
  std::int64_t left = 0;
  std::int64_t day = -1;  ///< that was charged with them
  Micros ahead = 0;       ///< of the ledger's clock before this one
  Micros drawn = 0;       ///< the last of them
  std::optional<Error> refused;
  Micros refused_until = 0;
  bool asking = false;  ///< the ledger
  Limits limits;        ///< of the one who waits for longest
  std::deque<Done> waiting;
};

struct Leftover {
  std::string user;
  std::int64_t cutouts = 0, day = 0;
};

bool has_limit(const Limits& limits) {
  for (const auto& rule : rules())
    if (rule->limit(limits) && rule->wanted({.cutouts = 1}) > 0) return true;
  return false;
}

Error stopping_error() {
  return {ErrorCode::kUnavailable, "the service is stopping; try again later"};
}

}  // namespace

struct Blocks::State {
  State(const Quotas& limits, Ledger& by, Options with)
      : quotas(limits), ledger(by), options(std::move(with)) {
    for (std::size_t i = 0; i < kThreads; ++i)
      threads.emplace_back([this, settles = i == 0] { serve(settles); });
  }

  void serve(bool settles);
  void ask(const std::string& user);
  /// With the lock: what all who wait for their turn to ask are told, while the ledger is away.
  void refuse_waiting(std::vector<std::pair<Done, Result<Drawn>>>& out);
  /// With the lock: hands out what there is, and what is to be called without it.
  std::vector<std::pair<Done, Result<Drawn>>> hand_out(const std::string& user, Block& block);
  void drop_past_days(const std::string& user, Block& block);
  /// Of blocks that were last drawn from before then; of all at the end.
  std::vector<Leftover> unused(Micros before);
  void give_back(const std::vector<Leftover>& all);

  const Quotas& quotas;
  Ledger& ledger;
  const Options options;
  std::mutex mutex;
  std::condition_variable wake;
  std::map<std::string, Block, std::less<>> blocks;
  std::deque<std::string> to_ask;      ///< users whose blocks are used up
  std::vector<Leftover> to_give_back;  ///< of days that are over
  std::optional<Error> away;           ///< the ledger, for everyone
  Micros away_until = 0;
  bool stopping = false;
  std::vector<std::thread> threads;
};

Blocks::Blocks(const Quotas& quotas, Ledger& ledger, Options options)
    : state_(std::make_unique<State>(quotas, ledger, std::move(options))) {}

Blocks::~Blocks() {
  stop();
  settle();
}

void Blocks::draw(const std::string& user, const std::vector<std::string>& groups, Done done) {
  const auto limits = limits_of(state_->quotas, user, groups);
  if (!has_limit(limits)) return done(Drawn());
  auto& s = *state_;
  Result<Drawn> answer = fail(stopping_error());
  {
    const std::lock_guard lock(s.mutex);
    if (!s.stopping) {
      const auto now = s.options.clock();
      auto& block = s.blocks[user];
      block.drawn = now;
      s.drop_past_days(user, block);
      if (block.left > 0 && block.waiting.empty()) {
        --block.left;
        answer = Drawn{block.day};
      } else if (block.refused && now < block.refused_until) {
        answer = fail(*block.refused);
      } else if (s.away && now < s.away_until) {
        answer = fail(*s.away);
      } else {
        block.limits = limits;
        block.waiting.push_back(std::move(done));
        if (!std::exchange(block.asking, true)) {
          s.to_ask.push_back(user);
          s.wake.notify_one();
        }
        return;
      }
    }
  }
  done(std::move(answer));
}

void Blocks::put_back(const std::string& user, const Drawn& drawn) {
  if (drawn.day < 0) return;
  auto& s = *state_;
  const std::lock_guard lock(s.mutex);
  auto& block = s.blocks[user];
  if (block.left == 0 && !block.asking) block.day = drawn.day;
  if (block.day == drawn.day)
    ++block.left;
  else
    s.to_give_back.push_back({user, 1, drawn.day});
}

void Blocks::settle() {
  auto& s = *state_;
  std::vector<Leftover> all;
  {
    const std::lock_guard lock(s.mutex);
    all = s.unused(s.options.clock() - s.options.idle);
  }
  s.give_back(all);
}

void Blocks::stop() {
  auto& s = *state_;
  std::vector<Done> waiting;
  {
    const std::lock_guard lock(s.mutex);
    if (std::exchange(s.stopping, true)) return;
    for (auto& [user, block] : s.blocks)
      for (auto& done : std::exchange(block.waiting, {})) waiting.push_back(std::move(done));
  }
  s.wake.notify_all();
  for (const auto& done : waiting) done(fail(stopping_error()));
  for (auto& thread : s.threads) thread.join();
}

void Blocks::State::serve(bool settles) {
  std::unique_lock lock(mutex);
  while (!stopping) {
    const auto due = [this] { return stopping || !to_ask.empty(); };
    if (!wake.wait_for(lock, kTick, due)) {
      if (!settles) continue;
      const auto all = unused(options.clock() - options.idle);
      lock.unlock();
      give_back(all);
      lock.lock();
      continue;
    }
    if (stopping) return;
    const auto user = to_ask.front();
    to_ask.pop_front();
    lock.unlock();
    ask(user);
    lock.lock();
  }
}

/// One user is asked for by one thread at a time.
void Blocks::State::ask(const std::string& user) {
  Limits limits;
  {
    const std::lock_guard lock(mutex);
    limits = blocks.at(user).limits;
  }
  const auto taken = ledger.take(user, options.block, limits);
  std::vector<std::pair<Done, Result<Drawn>>> answers;
  {
    const std::lock_guard lock(mutex);
    auto& block = blocks.at(user);
    const auto now = options.clock();
    if (taken) away.reset();
    if (taken && taken->cutouts > 0) {
      block.ahead = taken->usage.time - now;
      drop_past_days(user, block);
      block.day = day_of(taken->usage.time);
      block.left += taken->cutouts;
      block.refused.reset();
    } else {
      const auto at = taken ? taken->usage.time : now;
      block.refused =
          taken ? refusal(judge(limits, taken->usage, {.cutouts = 1}, at), at) : taken.error();
      block.refused_until = now + options.remembered;
    }
    answers = hand_out(user, block);
    if (!taken && taken.error().code == ErrorCode::kUnavailable) {
      away = taken.error();
      away_until = now + options.remembered;
      refuse_waiting(answers);
    }
  }
  for (auto& [done, answer] : answers) done(std::move(answer));
}

std::vector<std::pair<Done, Result<Drawn>>> Blocks::State::hand_out(const std::string& user,
                                                                    Block& block) {
  std::vector<std::pair<Done, Result<Drawn>>> out;
  const auto next = [&](Result<Drawn> answer) {
    out.emplace_back(std::move(block.waiting.front()), std::move(answer));
    block.waiting.pop_front();
  };
  for (; block.left > 0 && !block.waiting.empty(); --block.left) next(Drawn{block.day});
  while (block.refused && !block.waiting.empty()) next(fail(*block.refused));
  block.asking = !block.waiting.empty();
  if (block.asking) {
    to_ask.push_back(user);
    wake.notify_one();
  }
  return out;
}

void Blocks::State::refuse_waiting(std::vector<std::pair<Done, Result<Drawn>>>& out) {
  for (const auto& user : std::exchange(to_ask, {})) {
    auto& block = blocks.at(user);
    for (auto& done : std::exchange(block.waiting, {}))
      out.emplace_back(std::move(done), fail(*away));
    block.asking = false;
  }
}

/// A cutout of today does not come out of yesterday's.
void Blocks::State::drop_past_days(const std::string& user, Block& block) {
  if (block.left == 0 || block.day == day_of(options.clock() + block.ahead)) return;
  to_give_back.push_back({user, std::exchange(block.left, 0), block.day});
}

std::vector<Leftover> Blocks::State::unused(Micros before) {
  auto out = std::exchange(to_give_back, {});
  std::erase_if(blocks, [&](auto& entry) {
    auto& [user, block] = entry;
    if (!stopping && (block.drawn >= before || block.asking)) return false;
    if (block.left > 0) out.push_back({user, block.left, block.day});
    return true;
  });
  return out;
}

void Blocks::State::give_back(const std::vector<Leftover>& all) {
  for (const auto& [user, cutouts, day] : all)
    if (auto given = ledger.give_back(user, cutouts, day); !given)
      log::write(log::Level::kWarn,
                 std::to_string(cutouts) + " cutouts stay charged to a quota that were not made: " +
                     given.error().message,
                 {{"user", user}});
}

}  // namespace recorte::quota
