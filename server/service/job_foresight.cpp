// SPDX-License-Identifier: BSD-3-Clause
//
// What the engine says of time and bytes: of a job that it accepts, and of one that somebody only
// thinks of.
#include "core/base/time.hpp"
#include "server/service/job_engine.hpp"

#include <algorithm>
#include <utility>

namespace recorte::service {
namespace {

constexpr double kSecond = 1e6;

schedule::Expected expected(const job::Job& job, const schedule::Estimate& estimate,
                            const schedule::PolicyOptions& policy) {
  return {job.owner, schedule::class_of(policy, job.owner, job.groups, job.service, job.priority),
          false, estimate.work_s.middle, estimate.fixed_s};
}

}  // namespace

QueueView::Options JobEngine::foreseen(QueueView::Options options, const Estimates& estimates) {
  options.left = [&estimates](const job::Queued& job) { return estimates.left(job); };
  return options;
}

JobEngine::Outlook JobEngine::outlook(const job::Job& job, const schedule::Work& work) {
  Outlook out{estimates_.of(work), {}, 0};
  out.forecast = queue_.of_new(expected(job, out.estimate, options_.queue.policy));
  const double alone = out.estimate.fixed_s + out.estimate.work_s.middle / options_.queue.hands;
  out.wait_s = std::max(0.0, out.forecast.end_s - alone);
  return out;
}

void JobEngine::foresee(job::Job& job, const schedule::Work& work) {
  job.prediction = {};
  job.quote = 0;
  if (work.kind.empty() || work.products <= 0) return;
  job.prediction = estimates_.predict(work, outlook(job, work).wait_s);
  job.quote = now_micros() + job.prediction.middle;
}

void JobEngine::estimate(Submission submission, std::optional<std::int64_t> positions,
                         const Asker& asker, std::function<void(Result<Foreseen>)> done) {
  job::Job job;
  job.face = submission.face;
  job.owner = asker.principal.user;
  job.groups = asker.principal.groups;
  job.service = asker.principal.service;
  job.parameters = std::move(submission.parameters);
  job.list = submission.list_name;
  planner_.measure(
      job, std::move(submission.list), positions, asker,
      [this, job, asker, done = std::move(done)](Result<JobPlanner::Measured> measured) {
        if (!measured) return done(fail(std::move(measured).error()));
        const auto seen = outlook(job, measured->work);
        Foreseen out;
        out.positions = measured->positions;
        out.products = measured->work.products;
        out.seconds = seen.estimate.took_s(options_.queue.hands, seen.wait_s);
        out.bytes = seen.estimate.bytes;
        out.start_s = seen.forecast.start_s;
        out.ahead = static_cast<std::int64_t>(seen.forecast.ahead);
        out.runs = seen.estimate.runs;
        out.basis = seen.estimate.basis;
        out.limits = std::move(measured->limits);
        if (auto good = may_submit(asker); !good) out.limits.push_back(good.error().message);
        const auto most = static_cast<double>(options_.longest_execution);
        if (most > 0 && out.seconds.middle - seen.wait_s > most)
          out.limits.push_back("it would run for longer than a job may (jobs.longest_execution)");
        done(std::move(out));
      });
}

}  // namespace recorte::service
