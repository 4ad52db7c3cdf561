// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/front/list_run.hpp"

#include "core/base/text.hpp"
#include "core/command/front/sample_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <deque>
#include <list>
#include <thread>

namespace recorte::command {
namespace {

/// Rows of a task, at most: its deadline is theirs together.
constexpr std::size_t kRowsPerTask = 64;
/// While nobody knows what a row gives.
constexpr std::size_t kFirstRows = 4;
/// Products of a task together, by the largest seen: few enough to be in the processor's caches
/// still when they are written.
constexpr std::int64_t kTaskBytes = 8 << 20;
/// The same on disk.
constexpr std::int64_t kDiskTaskBytes = 256 << 20;

bool is_no_coverage(const cutout::Outcome& outcome) {
  return outcome.error && outcome.error->code == ErrorCode::kNoCoverage;
}

/// What a sink of fixed size says of the product that did not fit, among others.
bool may_fit_elsewhere(const cutout::Outcome& outcome) {
  return outcome.error && outcome.error->code == ErrorCode::kUnavailable;
}

/// A row is whole or not at all, but for bands that no image covers.
RowOutcome sum_up(std::span<const cutout::Outcome> parts) {
  RowOutcome out;
  std::vector<std::string> images, messages;
  const auto failed = std::ranges::find_if(
      parts, [](const auto& part) { return part.error && !is_no_coverage(part); });
  if (failed != parts.end()) {
    out.message = failed->error->message;
    return out;
  }
  if (std::ranges::all_of(parts, is_no_coverage)) {
    out.status = RowStatus::kNoCoverage;
    out.message = parts.front().error->message;
    return out;
  }
  out.status = RowStatus::kOk;
  for (const auto& part : parts) {
    if (part.error) messages.push_back(part.error->message);
    for (const auto& image : part.images) images.push_back(image.id);
    for (const auto& warning : part.warnings)
      if (std::ranges::find(messages, warning) == messages.end()) messages.push_back(warning);
    out.bytes += part.bytes;
    out.coverage = std::max(out.coverage, part.coverage);
  }
  out.images = join(images, " ");
  out.message = join(messages, "; ");
  return out;
}

}  // namespace

ListRun::ListRun(const CutOptions& options, PositionList& list, Destination& destination,
                 Manifest& manifest)
    : options_(options),
      list_(list),
      destination_(destination),
      manifest_(manifest),
      order_(list.take_order()) {}

/// One product a band needs the bands by name. A survey that does not answer fails with its rows.
void ListRun::ask_for_bands() {
  worker::Pool pool(options_.pool);
  for (const auto& survey : list_.surveys()) {
    auto answer = pool.describe(survey);
    if (!answer || !answer->is_object() || !answer->contains("bands")) continue;
    for (const auto& band : (*answer)["bands"])
      if (band.is_object() && band.contains("name") && band["name"].is_string())
        bands_[survey].push_back(band["name"]);
  }
}

Status ListRun::run() {
  if (options_.layout == Layout::kWebDataset) ask_for_bands();
  // A short list is not worth the start of several workers.
  const auto workers =
      std::min((order_.size() + kFirstRows - 1) / kFirstRows, options_.pool.workers);
  shares_.emplace(order_.size(), workers);
  auto one = options_.pool;
  one.workers = 1;
  std::list<Hand> hands;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < workers; ++i) {
    auto& hand = hands.emplace_back(i, one);
    threads.emplace_back([this, &hand] {
      auto done = work(hand);
      if (done) return;
      const std::lock_guard lock(mutex_);
      if (!trouble_) trouble_ = done.error();
      stop_ = true;
    });
  }
  for (auto& thread : threads) thread.join();
  return trouble_ ? Status(fail(*trouble_)) : Status();
}

Status ListRun::work(Hand& hand) {
  auto memory = store::Sink::in_memory();
  if (!memory) return fail(std::move(memory).error());
  hand.memory = std::move(*memory);
  while (!stop_) {
    const auto [begin, end] = shares_->take(hand.number, rows_at_once());
    if (begin == end) return {};
    RECORTE_TRY(cut(hand, std::span(order_).subspan(begin, end - begin), may_be_large()));
  }
  return {};
}

void ListRun::learn(std::int64_t bytes) {
  auto known = largest_.load();
  while (known < bytes && !largest_.compare_exchange_weak(known, bytes)) {
  }
}

bool ListRun::may_be_large() const { return largest_ > store::Sink::kMemory / 2; }

std::size_t ListRun::rows_at_once() const {
  const auto largest = largest_.load();
  if (largest == 0) return done_ < kRowsPerTask ? kFirstRows : kRowsPerTask;
  const auto rows = (may_be_large() ? kDiskTaskBytes : kTaskBytes) / largest;
  return static_cast<std::size_t>(std::clamp<std::int64_t>(rows, 1, kRowsPerTask));
}

ListRun::Due ListRun::due(std::size_t row) const {
  Due out{row, {}};
  auto request = list_.request(row);
  const bool by_band =
      options_.layout == Layout::kWebDataset && request.format == cutout::Format::kFits;
  auto bands = request.bands;
  if (const auto all = bands_.find(request.survey); bands.empty() && all != bands_.end())
    bands = all->second;
  if (!by_band || bands.empty()) {
    out.items.push_back({row, std::move(request), {}});
    return out;
  }
  for (const auto& band : bands) {
    request.bands = {band};
    out.items.push_back({row, request, {}});
  }
  return out;
}

/// A task that costs its worker is done again row by row, so that one bad position fails alone.
Status ListRun::cut(Hand& hand, std::span<const std::uint32_t> rows, bool on_disk) {
  if (on_disk && !hand.disk) {
    auto disk = store::Sink::on_disk(destination_.directory());
    if (!disk) return fail(std::move(disk).error());
    hand.disk = std::move(*disk);
  }
  auto& sink = on_disk ? *hand.disk : *hand.memory;
  RECORTE_TRY(sink.rewind());
  auto task = new_task(options_, cutout::Lane::kBatch);
  std::vector<Due> all;
  for (const auto row : rows) {
    all.push_back(due(row));
    task.items.insert(task.items.end(), all.back().items.begin(), all.back().items.end());
  }
  const auto report = hand.pool.run(task, sink.descriptor());
  if (!report && rows.size() > 1) {
    for (const auto& row : rows) RECORTE_TRY(cut(hand, std::span(&row, 1), on_disk));
    return {};
  }
  done_ += rows.size();
  if (!report) {
    RowOutcome lost;
    lost.message = report.error().message;
    manifest_.set(rows.front(), lost, {});
    return {};
  }
  std::vector<std::uint32_t> again;
  RECORTE_TRY(deliver(all, report->outcomes, sink, again));
  return again.empty() ? Status() : cut(hand, again, true);
}

/// Puts into the container what was made. `again`: rows that may not have fitted into the sink.
Status ListRun::deliver(const std::vector<Due>& due, const std::vector<cutout::Outcome>& outcomes,
                        const store::Sink& sink, std::vector<std::uint32_t>& again) {
  std::vector<Delivery> ready;
  std::vector<RowOutcome> told;
  std::deque<std::string> texts;
  std::span<const cutout::Outcome> left(outcomes);
  for (const auto& [row, items] : due) {
    const auto parts = left.first(items.size());
    left = left.subspan(items.size());
    if (sink.is_bounded() && std::ranges::any_of(parts, may_fit_elsewhere)) {
      again.push_back(static_cast<std::uint32_t>(row));
      continue;
    }
    auto outcome = sum_up(parts);
    if (outcome.status != RowStatus::kOk) {
      manifest_.set(row, outcome, {});
      continue;
    }
    learn(outcome.bytes);
    const auto& request = items.front().request;
    const auto [ra, dec] = centre_of(request);
    Delivery delivery{row, {}, std::string(list_.id(row)), ra, dec, {}};
    const std::string name(list_.name(row));
    std::vector<std::string> files;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].error) continue;
      files.push_back(name +
                      (items.size() > 1 || options_.layout == Layout::kWebDataset
                           ? band_part(items[i].request)
                           : "") +
                      std::string(cutout::file_ending(request.format)));
      delivery.files.push_back({files.back(), sink.content(parts[i].offset, parts[i].bytes)});
    }
    outcome.file = join(files, " ");
    if (options_.layout == Layout::kWebDataset) {
      texts.push_back(sample_text(row, list_, request, parts, outcome));
      delivery.files.push_back({name + ".json", store::Content(texts.back())});
    }
    ready.push_back(std::move(delivery));
    told.push_back(std::move(outcome));
  }
  RECORTE_TRY(destination_.add(ready));
  for (std::size_t i = 0; i < ready.size(); ++i)
    manifest_.set(ready[i].row, told[i], ready[i].place);
  return {};
}

}  // namespace recorte::command
