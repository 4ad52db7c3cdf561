// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/schedule/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <queue>
#include <random>
#include <tuple>
#include <utility>

namespace recorte::schedule::simulation {
namespace {

constexpr Micros kStart = 1'700'000'000 * kSecond;  // of the clock
constexpr Micros kNever = std::numeric_limits<Micros>::max();
constexpr std::size_t kOfAStay = std::numeric_limits<std::size_t>::max();
constexpr std::int64_t kNearlyBegun = 32;  // tasks that still wait
constexpr std::int64_t kSmallest = 100;
constexpr double kLearns = 0.05;  // of the mean that predicts, from each task

struct Batch {
  Micros sent = 0;
  std::int64_t left = 0;
  std::size_t arrival = kOfAStay;
};

struct State {
  std::deque<Batch> queue;
  std::size_t stay = 0;  ///< the next or present one
  bool here = false;
  double guess_s = 1;
  Micros turn = -1;
  Micros empty = 0;  ///< since when nothing waits; kNever: something does
};

struct Running {
  Micros end = 0;
  std::uint64_t number = 0;
  std::size_t user = 0, arrival = kOfAStay;
  double correction_us = 0;
  bool operator>(const Running& other) const {
    return std::tie(end, number) > std::tie(other.end, other.number);
  }
};

class Machine {
 public:
  explicit Machine(const Setup& setup)
      : setup_(setup),
        policy_(setup.policy, static_cast<double>(setup.workers)),
        random_(setup.seed),
        length_(std::log(setup.median_s), setup.spread),
        states_(setup.users.size()),
        left_(setup.arrivals.size()) {
    for (auto& state : states_) state.guess_s = setup.median_s;
    const auto bins = static_cast<std::size_t>(setup.until / kBin);
    out_.work.assign(bins, std::vector<double>(states_.size()));
    out_.backlogged.assign(bins, std::vector<bool>(states_.size(), true));
    out_.ended.resize(setup.arrivals.size());
    for (std::size_t i = 0; i < left_.size(); ++i) left_[i] = setup.arrivals[i].tasks;
  }

  Outcome run() {
    for (Micros then = following(); then < kNever; then = following()) {
      if (waits())
        out_.idle_s += static_cast<double>(then - now_) / kSecond *
                       static_cast<double>(setup_.workers - running_.size());
      now_ = then;
      while (!running_.empty() && running_.top().end == now_) end_task();
      if (now_ < setup_.until) {
        arrive();
        come_and_go();
        while (running_.size() < setup_.workers && begin_task()) {
        }
      }
    }
    now_ = setup_.until;
    for (std::size_t i = 0; i < states_.size(); ++i) fill(i);
    return std::move(out_);
  }

 private:
  Micros following() const {
    Micros out = kNever;
    if (arrival_ < setup_.arrivals.size()) out = setup_.arrivals[arrival_].at;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const auto& stays = setup_.users[i].stays;
      const auto& state = states_[i];
      if (state.stay < stays.size())
        out = std::min(out, state.here ? stays[state.stay].to : stays[state.stay].from);
    }
    if (out >= setup_.until) out = kNever;
    return running_.empty() ? out : std::min(out, running_.top().end);
  }
  bool waits() const {
    return now_ < setup_.until && std::any_of(states_.begin(), states_.end(),
                                              [](const State& s) { return !s.queue.empty(); });
  }

  void send(std::size_t user, std::int64_t tasks, std::size_t arrival) {
    fill(user);
    states_[user].empty = kNever;
    states_[user].queue.push_back({now_, tasks, arrival});
  }
  /// Notes in which bins nothing waited.
  void fill(std::size_t user) {
    if (states_[user].empty == kNever) return;
    const auto last = static_cast<std::size_t>(now_ / kBin);
    for (auto bin = static_cast<std::size_t>(states_[user].empty / kBin);
         bin <= last && bin < out_.backlogged.size(); ++bin)
      out_.backlogged[bin][user] = false;
  }

  void arrive() {
    for (; arrival_ < setup_.arrivals.size() && setup_.arrivals[arrival_].at <= now_; ++arrival_)
      send(setup_.arrivals[arrival_].user, setup_.arrivals[arrival_].tasks, arrival_);
  }
  void come_and_go() {
    for (std::size_t i = 0; i < states_.size(); ++i) {
      auto& state = states_[i];
      const auto& stays = setup_.users[i].stays;
      if (state.here && stays[state.stay].to <= now_) {
        state.here = false;
        ++state.stay;
        if (!state.queue.empty()) state.empty = now_;
        state.queue.clear();
      }
      if (!state.here && state.stay < stays.size() && stays[state.stay].from <= now_)
        state.here = true;
      top_up(i);
    }
  }
  void top_up(std::size_t user) {
    const auto& queue = states_[user].queue;
    if (!states_[user].here || queue.size() > 1 ||
        (!queue.empty() && queue.front().left > kNearlyBegun))
      return;
    std::uniform_int_distribution<std::int64_t> size(kSmallest, setup_.users[user].largest);
    send(user, size(random_), kOfAStay);
  }

  bool begin_task() {
    lines_.clear();
    users_.clear();
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_[i].queue.empty()) continue;
      const auto& user = setup_.users[i];
      lines_.push_back({user.name, user.in, kStart + states_[i].queue.front().sent});
      users_.push_back(i);
    }
    const auto next = policy_.next(lines_, kStart + now_);
    if (!next) return false;
    const auto user = users_[*next];
    auto& state = states_[user];
    auto& batch = state.queue.front();
    note_age(user, batch.sent);
    const double took_s = std::min(length_(random_), setup_.longest_s);
    const auto took = std::max<Micros>(1, std::llround(took_s * kSecond));
    const double guess = state.guess_s * kSecond;
    policy_.charge(setup_.users[user].name, setup_.users[user].in, guess, kStart + now_);
    state.guess_s += kLearns * (took_s - state.guess_s);
    running_.push({now_ + took, static_cast<std::uint64_t>(out_.tasks), user, batch.arrival,
                   static_cast<double>(took) - guess});
    count(user, now_, now_ + took);
    ++out_.tasks;
    for (const auto part : {static_cast<std::uint64_t>(user), static_cast<std::uint64_t>(now_)})
      out_.order = (out_.order ^ part) * 1'099'511'628'211U;
    if (--batch.left == 0) {
      state.queue.pop_front();
      if (state.queue.empty()) state.empty = now_;
    }
    top_up(user);
    return true;
  }
  void end_task() {
    const auto task = running_.top();
    running_.pop();
    const auto& user = setup_.users[task.user];
    policy_.charge(user.name, user.in, task.correction_us, kStart + now_);
    if (task.arrival != kOfAStay && --left_[task.arrival] == 0) out_.ended[task.arrival] = now_;
  }

  void note_age(std::size_t user, Micros sent) {
    auto& state = states_[user];
    const auto in = static_cast<std::size_t>(setup_.users[user].in);
    out_.oldest[in] = std::max(out_.oldest[in], now_ - sent);
    out_.unserved[in] = std::max(out_.unserved[in], now_ - std::max(sent, state.turn));
    state.turn = now_;
  }
  /// Work counts in the bins in which it is done.
  void count(std::size_t user, Micros from, Micros to) {
    while (from < to) {
      const auto bin = static_cast<std::size_t>(from / kBin);
      if (bin >= out_.work.size()) return;
      const auto end = std::min(to, static_cast<Micros>(bin + 1) * kBin);
      out_.work[bin][user] += static_cast<double>(end - from) / kSecond;
      from = end;
    }
  }

  const Setup& setup_;
  FairShare policy_;
  std::mt19937_64 random_;
  std::lognormal_distribution<double> length_;
  Micros now_ = 0;
  std::vector<State> states_;
  std::vector<std::int64_t> left_;  ///< tasks that have not ended, by arrival
  std::size_t arrival_ = 0;
  std::priority_queue<Running, std::vector<Running>, std::greater<>> running_;
  std::vector<Line> lines_;
  std::vector<std::size_t> users_;
  Outcome out_;
};

}  // namespace

Outcome simulate(const Setup& setup) { return Machine(setup).run(); }

}  // namespace recorte::schedule::simulation
