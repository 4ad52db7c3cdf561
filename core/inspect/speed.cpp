// SPDX-License-Identifier: BSD-3-Clause
#include "core/inspect/speed.hpp"

#include "core/base/io.hpp"
#include "core/cutout/cutter.hpp"
#include "core/plugin/registry.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>

namespace recorte::inspect {
namespace {

void forget(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file) ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
}

cutout::Task task_of(const std::string& survey, const std::vector<Spot>& spots) {
  cutout::Task task;
  task.id = "check";
  for (const auto& [image, centre] : spots) {
    const Extent side{kStampSide, Extent::Unit::kPixel};
    auto stamp = sky::make_box(centre, side, side);
    if (!stamp) continue;
    cutout::CutoutRequest request;
    request.survey = survey;
    request.release = image->release;
    request.image = image->id;
    request.bands = {image->band};
    request.stencil = *stamp;
    request.algorithm = "cut";
    task.items.push_back({task.items.size(), std::move(request), {}});
    // Whoever checks a survey may see it.
    if (!image->access_group.empty()) task.groups.push_back(image->access_group);
  }
  task.groups.push_back("survey:" + survey);
  return task;
}

/// Stamps a second.
Result<double> run(cutout::Cutter& cutter, const cutout::Task& task, Speed& speed) {
  const auto sink = make_memfd("check");
  if (!sink) return fail(sink.error());
  const auto begin = std::chrono::steady_clock::now();
  const auto report = cutter.run(task, {}, sink->get());
  const auto seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!report) return fail(report.error());
  speed.stamps = 0;
  speed.failed.clear();
  for (const auto& outcome : report->outcomes) {
    if (outcome.error)
      speed.failed.push_back(outcome.error->message);
    else
      ++speed.stamps;
  }
  return static_cast<double>(speed.stamps) / seconds;
}

}  // namespace

Result<Speed> measure_speed(const Where& where, const std::string& survey,
                            const std::vector<Spot>& spots) {
  cutout::Cutter cutter(where.surveys, plugin::Registry::scan(where.plugins));
  const auto task = task_of(survey, spots);
  const auto opened = cutter.catalogue().survey(survey, {});
  if (!opened) return fail(opened.error());
  if (auto ready = cutter.catalogue().algorithm("cut", cutout::Format::kFits, **opened, {}); !ready)
    return fail(ready.error());
  for (const auto& spot : spots)
    for (const auto& plane : spot.image->planes) forget(plane.path);
  Speed out;
  for (auto* speed : {&out.cold, &out.warm}) {
    const auto measured = run(cutter, task, out);
    if (!measured) return fail(measured.error());
    *speed = *measured;
  }
  return out;
}

}  // namespace recorte::inspect
