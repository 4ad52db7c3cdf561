// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/pooled_executor.hpp"

#include "core/account/survey_access.hpp"
#include "core/base/log.hpp"
#include "core/base/time.hpp"
#include "core/schedule/waiting.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

namespace recorte::schedule {
namespace {

/// How often the surveys' directory is looked at, and pools that nobody needs end.
constexpr std::chrono::milliseconds kLook{1'000};
/// Of a pool that was only asked what its surveys say of themselves, which is asked of all surveys
/// now and then.
constexpr std::int64_t kShortStayMs = 5'000;
/// How long one pool of few calls waits for others of many.
constexpr Micros kPatience = 200'000;

std::string_view survey_of(const cutout::Task& task) {
  return task.items.empty() ? std::string_view() : task.items.front().request.survey;
}

Finished turned_away(Error error) { return {fail(std::move(error)), nullptr}; }

/// The answers of several pools, put together.
struct Covers {
  std::mutex mutex;
  std::string bytes;
  std::optional<Error> error;
  std::size_t missing = 0;
  std::function<void(Result<std::string>)> done;

  void take(const std::vector<std::size_t>& items, Result<std::string> part) {
    {
      const std::lock_guard lock(mutex);
      if (!part && !error) error = part.error();
      for (std::size_t i = 0; part && i < items.size(); ++i) bytes[items[i]] = (*part)[i];
      if (--missing > 0) return;
    }
    done(error ? Result<std::string>(fail(*error)) : std::move(bytes));
  }
};

}  // namespace

PooledExecutor::PooledExecutor(Options options, std::shared_ptr<trust::Book> book)
    : options_(std::move(options)),
      book_(std::move(book)),
      seats_(std::make_shared<Room>(std::max<std::size_t>(1, options_.most_private), kPatience)),
      places_(std::make_shared<worker::Places>(std::max<std::size_t>(1, options_.most_private))),
      applied_(book_->now()) {
  const std::string name(account::kPublic);
  auto& lodging = lodgings_[name] = open(name);
  started_ = lodging.executor->started();
  keeper_ = std::thread([this] { keep(); });
}

PooledExecutor::~PooledExecutor() {
  std::vector<std::shared_ptr<LocalExecutor>> left;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [name, lodging] : lodgings_) left.push_back(lodging.executor);
  }
  wake_.notify_all();
  keeper_.join();
  {
    const std::lock_guard lock(mutex_);
    lodgings_.clear();
  }
  // Whoever asks again inside of an answer is turned away by us. One who is inside of a call may be
  // a thread of the executor's, which cannot wait for itself.
  for (const auto& executor : left)
    while (executor.use_count() > 1) std::this_thread::yield();
  left.clear();
}

const Status& PooledExecutor::started() const { return started_; }

PooledExecutor::Lodging PooledExecutor::open(const std::string& pool) const {
  auto options = options_.local;
  auto terms = options.pool.terms = terms_of(*applied_, pool);
  if (pool != account::kPublic) {
    options.warm = false;
    options.seats = seats_;
    options.pool.places = places_;
    options.pool.workers =
        std::min(options.pool.workers, std::max<std::size_t>(1, options_.most_private));
  }
  return {std::make_shared<LocalExecutor>(std::move(options)), std::move(terms), 0};
}

void PooledExecutor::apply(const std::shared_ptr<const trust::Pools>& pools) {
  if (pools->version <= applied_->version) return;
  applied_ = pools;
  for (auto& [name, lodging] : lodgings_) {
    // One that has no survey any more keeps what it had, and goes when its time is over.
    if (!pools->pools.contains(name)) continue;
    auto terms = terms_of(*pools, name);
    if (terms.readable == lodging.terms.readable && terms.plugins == lodging.terms.plugins)
      continue;
    lodging.terms = std::move(terms);
    cold_ = cold_ || name == account::kPublic;
    std::ranges::move(lodging.executor->renew(lodging.terms), std::back_inserter(retired_));
    wake_.notify_all();  // others may need their places
  }
}

std::shared_ptr<LocalExecutor> PooledExecutor::executor_of(std::string_view survey,
                                                           std::int64_t stay_ms) {
  const auto pools = book_->of(survey);
  const std::lock_guard lock(mutex_);
  if (stopping_) return nullptr;
  apply(pools);
  const auto& name = applied_->pool_of(survey);
  auto& lodging = lodgings_[name];
  if (!lodging.executor) lodging = open(name);
  lodging.until = std::max(lodging.until, monotonic_ms() + stay_ms);
  return lodging.executor;
}

std::shared_ptr<LocalExecutor> PooledExecutor::executor_of(const cutout::Task& task) {
  return executor_of(survey_of(task), options_.idle_ms);
}

Status PooledExecutor::check(const cutout::Task& task) const {
  const auto survey = survey_of(task);
  const auto is_other = [&](const auto& item) { return item.request.survey != survey; };
  if (std::ranges::none_of(task.items, is_other)) return {};
  const auto pools = book_->now();
  for (const auto& item : task.items)
    if (pools->pool_of(item.request.survey) != pools->pool_of(survey))
      return fail(ErrorCode::kInternal, "a task is of surveys of several pools, " +
                                            std::string(survey) + " and " + item.request.survey);
  return {};
}

void PooledExecutor::run(cutout::Task task, std::int64_t estimated_bytes, Cancelled cancelled,
                         std::function<void(Finished)> done) {
  if (auto good = check(task); !good) return done(turned_away(std::move(good).error()));
  const auto executor = executor_of(task);
  if (!executor) return done(turned_away(stopping_error()));
  executor->run(std::move(task), estimated_bytes, std::move(cancelled), std::move(done));
}

void PooledExecutor::run(cutout::Task task, CallerSink sink, Cancelled cancelled,
                         std::function<void(Finished)> done) {
  if (auto good = check(task); !good) return done(turned_away(std::move(good).error()));
  const auto executor = executor_of(task);
  if (!executor) return done(turned_away(stopping_error()));
  executor->run(std::move(task), std::move(sink), std::move(cancelled), std::move(done));
}

void PooledExecutor::locate(cutout::Task task, Cancelled cancelled,
                            std::function<void(Result<nlohmann::json>)> done) {
  if (auto good = check(task); !good) return done(fail(std::move(good).error()));
  const auto executor = executor_of(task);
  if (!executor) return done(fail(stopping_error()));
  executor->locate(std::move(task), std::move(cancelled), std::move(done));
}

void PooledExecutor::describe(std::string survey,
                              std::function<void(Result<nlohmann::json>)> done) {
  const auto executor = executor_of(survey, kShortStayMs);
  if (!executor) return done(fail(stopping_error()));
  executor->describe(std::move(survey), std::move(done));
}

void PooledExecutor::cover(cutout::Task task, Cancelled cancelled,
                           std::function<void(Result<std::string>)> done) {
  std::map<std::string, std::vector<std::size_t>> parts;  // items by pool
  const auto pools = book_->now();
  for (std::size_t i = 0; i < task.items.size(); ++i)
    parts[pools->pool_of(task.items[i].request.survey)].push_back(i);
  if (parts.size() <= 1) {
    const auto executor = executor_of(task);
    if (!executor) return done(fail(stopping_error()));
    return executor->cover(std::move(task), std::move(cancelled), std::move(done));
  }
  auto covers = std::make_shared<Covers>();
  covers->bytes.resize(task.items.size());
  covers->missing = parts.size();
  covers->done = std::move(done);
  auto items = std::exchange(task.items, {});
  for (const auto& [pool, numbers] : parts) {
    auto part = task;
    for (const auto number : numbers) part.items.push_back(std::move(items[number]));
    const auto take = [covers, numbers = numbers](Result<std::string> answer) {
      covers->take(numbers, std::move(answer));
    };
    if (const auto executor = executor_of(part))
      executor->cover(std::move(part), cancelled, take);
    else
      take(fail(stopping_error()));
  }
}

/// Those that nobody needs, and what they counted. `mutex_` is held.
std::vector<std::shared_ptr<LocalExecutor>> PooledExecutor::leave() {
  std::vector<std::shared_ptr<LocalExecutor>> gone;
  std::erase_if(lodgings_, [&, now = monotonic_ms()](auto& each) {
    auto& [executor, terms, until] = each.second;
    if (each.first == account::kPublic || until > now) return false;
    // Another thread may be about to give it a task.
    if (executor.use_count() > 1 || executor->waiting() + executor->working() > 0) return false;
    finished_ += executor->finished();
    refused_ += executor->refused();
    deaths_ += executor->deaths();
    gone.push_back(std::move(executor));
    return true;
  });
  return gone;
}

void PooledExecutor::keep() {
  std::unique_lock lock(mutex_);
  const auto publics = lodgings_.find(account::kPublic)->second.executor;
  for (;;) {
    wake_.wait_for(lock, kLook, [this] { return stopping_ || !retired_.empty(); });
    if (stopping_) return;
    lock.unlock();
    const auto pools = book_->look();
    lock.lock();
    apply(pools);
    auto retired = std::exchange(retired_, {});
    auto gone = leave();
    const bool cold = std::exchange(cold_, false);
    lock.unlock();
    retired.clear();
    gone.clear();
    if (const auto warm = cold ? publics->warm() : Status(); !warm)
      log::write(log::Level::kWarn, warm.error().message);
    lock.lock();
  }
}

Result<worker::Pool::Ready> PooledExecutor::prepare(const trust::Pools& pools) {
  const std::string name(account::kPublic);
  std::shared_ptr<LocalExecutor> publics;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return fail(stopping_error());
    publics = lodgings_.find(name)->second.executor;
  }
  return publics->prepare(terms_of(pools, name));
}

void PooledExecutor::renew() {
  std::vector<worker::Pool::Retired> retired;
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) apply(book_->now());
    retired.swap(retired_);
  }
}

template <class Number>
Number PooledExecutor::sum(Number gone, Number (LocalExecutor::*of)() const) const {
  for (const auto& [name, lodging] : lodgings_) gone += (lodging.executor.get()->*of)();
  return gone;
}

std::size_t PooledExecutor::waiting() const {
  const std::lock_guard lock(mutex_);
  return sum<std::size_t>(0, &LocalExecutor::waiting);
}
std::size_t PooledExecutor::working() const {
  const std::lock_guard lock(mutex_);
  return sum<std::size_t>(0, &LocalExecutor::working);
}
std::uint64_t PooledExecutor::finished() const {
  const std::lock_guard lock(mutex_);
  return sum(finished_, &LocalExecutor::finished);
}
std::uint64_t PooledExecutor::refused() const {
  const std::lock_guard lock(mutex_);
  return sum(refused_, &LocalExecutor::refused);
}
std::size_t PooledExecutor::workers() const {
  const std::lock_guard lock(mutex_);
  return sum<std::size_t>(0, &LocalExecutor::workers);
}
std::size_t PooledExecutor::deaths() const {
  const std::lock_guard lock(mutex_);
  return sum(deaths_, &LocalExecutor::deaths);
}

std::vector<PooledExecutor::PoolState> PooledExecutor::pools() const {
  const std::lock_guard lock(mutex_);
  std::vector<PoolState> out;
  for (const auto& [name, lodging] : lodgings_) {
    const auto& executor = *lodging.executor;
    out.push_back({name, executor.workers(), executor.waiting(), executor.working()});
  }
  return out;
}

}  // namespace recorte::schedule
