// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/local_job.hpp"

#include <algorithm>

namespace recorte::schedule {
namespace {

std::int64_t micros(Job::Clock::duration time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

/// What a sink of fixed size says of a product that it has no room for, among others.
bool may_fit_elsewhere(const cutout::Outcome& outcome) {
  return outcome.error && outcome.error->code == ErrorCode::kUnavailable;
}

}  // namespace

void SinkJob::work(worker::Pool& pool) {
  const auto began = Clock::now();
  answer_.queued_us = micros(began - since());
  answer_.report = pool.run(task_, sink_.file->get(), flag());
  answer_.worked_us = micros(Clock::now() - began);
}

void SinkJob::refuse(Error error) {
  answer_ = {fail(std::move(error)), nullptr, micros(Clock::now() - since()), 0};
}

Status TaskJob::make_sink() {
  auto sink = large_ ? sinks_.on_disk() : sinks_.in_memory();
  if (!sink) return fail(std::move(sink).error());
  answer_.sink = std::move(*sink);
  return {};
}

bool TaskJob::begin(worker::Pool& pool) {
  if (large_) return false;
  start();
  if (!make_sink()) return false;
  begun_ = pool.begin(task_, sink());
  return begun();
}

void TaskJob::work(worker::Pool& pool) {
  if (begun()) {
    answer_.report = pool.finish(std::move(*begun_), task_, sink(), flag());
  } else {
    start();
    run(pool);
  }
  if (!large_ && answer_.report &&
      std::ranges::any_of(answer_.report->outcomes, may_fit_elsewhere)) {
    large_ = true;
    run(pool);
  }
  answer_.worked_us = micros(Clock::now() - began_);
}

void TaskJob::start() {
  began_ = Clock::now();
  answer_.queued_us = micros(began_ - since());
}

void TaskJob::run(worker::Pool& pool) {
  if (auto made = make_sink(); made)
    answer_.report = pool.run(task_, sink(), flag());
  else
    answer_.report = fail(std::move(made).error());
}

void TaskJob::refuse(Error error) {
  answer_ = {fail(std::move(error)), nullptr, micros(Clock::now() - since()), 0};
}

}  // namespace recorte::schedule
