// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/job.hpp"

#include "core/store/output_file.hpp"

namespace recorte::schedule {
namespace {

std::int64_t micros(Job::Clock::duration time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

}  // namespace

void TaskJob::work(worker::Pool& pool) {
  const auto begin = Clock::now();
  answer_.queued_us = micros(begin - since());
  auto sink = spill_.empty() ? make_memfd("recorte-product") : store::open_unnamed(spill_);
  if (!sink) {
    answer_.report = fail(std::move(sink).error());
    return;
  }
  answer_.sink = std::make_shared<const Fd>(std::move(*sink));
  answer_.report = pool.run(task_, answer_.sink->get(), flag());
  answer_.worked_us = micros(Clock::now() - begin);
}

void TaskJob::refuse(Error error) {
  answer_ = {fail(std::move(error)), nullptr, micros(Clock::now() - since()), 0};
}

}  // namespace recorte::schedule
