// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/job.hpp"

#include "core/store/output_file.hpp"

namespace recorte::schedule {
namespace {

std::int64_t micros(Job::Clock::duration time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

}  // namespace

Status TaskJob::make_sink() {
  began_ = Clock::now();
  answer_.queued_us = micros(began_ - since());
  auto sink = spill_.empty() ? make_memfd("recorte-product") : store::open_unnamed(spill_);
  if (!sink) return fail(std::move(sink).error());
  answer_.sink = std::make_shared<const Fd>(std::move(*sink));
  return {};
}

bool TaskJob::begin(worker::Pool& pool) {
  if (!spill_.empty() || !make_sink()) return false;
  begun_ = pool.begin(task_, answer_.sink->get());
  return begun();
}

void TaskJob::work(worker::Pool& pool) {
  if (begun_) {
    answer_.report = pool.finish(std::move(*begun_), task_, answer_.sink->get(), flag());
  } else if (auto made = make_sink(); made) {
    answer_.report = pool.run(task_, answer_.sink->get(), flag());
  } else {
    answer_.report = fail(std::move(made).error());
  }
  answer_.worked_us = micros(Clock::now() - began_);
}

void TaskJob::refuse(Error error) {
  answer_ = {fail(std::move(error)), nullptr, micros(Clock::now() - since()), 0};
}

}  // namespace recorte::schedule
