// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/cutouts.hpp"

#include "server/service/estimate.hpp"
#include "server/service/memory_need.hpp"

#include <nlohmann/json.hpp>

#include <mutex>

namespace recorte::service {
namespace {

Result<Product> product_of(schedule::Finished finished) {
  if (!finished.report) return fail(std::move(finished.report).error());
  auto& outcome = finished.report->outcomes.at(0);
  if (outcome.error) return fail(std::move(*outcome.error));
  return Product{std::move(outcome), std::move(finished.sink)};
}

/// What an image's group forbids to somebody who has not said who they are may be theirs.
Error for_asker(Error error, const Asker& asker) {
  if (error.code == ErrorCode::kForbidden && asker.principal.anonymous()) {
    error.code = ErrorCode::kUnauthenticated;
    error.message += "; sign in";
  }
  return error;
}

}  // namespace

struct Cutouts::Uses {
  std::mutex mutex;
  cutout::CacheUse all;

  void add(const cutout::CacheUse& use) {
    const std::lock_guard lock(mutex);
    all.images_found += use.images_found;
    all.images_opened += use.images_opened;
    all.tiles_found += use.tiles_found;
    all.tiles_unpacked += use.tiles_unpacked;
  }
};

Cutouts::Cutouts(SurveyBook& surveys, schedule::Executor& executor, Estimates& estimates,
                 quota::Blocks& quotas, cutout::Budget budget, SyncBounds bounds, OpenFor open_for)
    : surveys_(surveys),
      executor_(executor),
      estimates_(estimates),
      quotas_(quotas),
      budget_(budget),
      bounds_(bounds),
      open_for_(std::move(open_for)),
      uses_(std::make_shared<Uses>()) {}

cutout::CacheUse Cutouts::cache_use() const {
  const std::lock_guard lock(uses_->mutex);
  return uses_->all;
}

cutout::Task Cutouts::task_of(const cutout::CutoutRequest& request, const Asker& asker) const {
  cutout::Task task;
  task.id = asker.request_id;
  task.groups = asker.principal.groups;
  task.budget = budget_;
  task.items = {{0, request, {}}};
  return task;
}

void Cutouts::cut(const cutout::CutoutRequest& request, const Asker& asker,
                  std::function<void(Answer<Product>)> done) {
  if (auto open = open_for_(request.survey); !open) return done({fail(std::move(open).error())});
  surveys_.ask([this, request, asker, done = std::move(done)](auto surveys) {
    // A survey that is not there, or cannot be served, is the worker's to explain.
    if (auto may = surveys->may_see(request.survey, request.release, asker.principal); !may)
      return done({fail(std::move(may).error())});
    const auto* card = surveys->find(request.survey);
    const auto* description = card ? card->description.get() : nullptr;
    const auto bytes = description ? estimated_bytes(request, *description) : 0;
    auto features = features_of(request, description);
    schedule::Work work{std::move(features.kind), schedule::RunLane::kSync, 1, features.pixels};
    // What is too large for a job, too, is the worker's to explain.
    if (features.plane <= static_cast<double>(budget_.max_pixels))
      if (auto good = admit(request, work, bytes, estimates_, bounds_); !good)
        return done({fail(std::move(good).error()), 0, 0, true});
    auto task = task_of(request, asker);
    task.memory = memory_need(work.pixels, 2 * budget_.memory);
    quotas_.draw(asker.principal.user, asker.principal.groups,
                 [this, task = std::move(task), work = std::move(work), bytes, asker,
                  done](Result<quota::Drawn> drawn) {
                   if (!drawn) return done({fail(std::move(drawn).error())});
                   run(task, work, bytes, asker, *drawn, done);
                 });
  });
}

void Cutouts::run(cutout::Task task, schedule::Work work, std::int64_t bytes, const Asker& asker,
                  const quota::Drawn& drawn, const std::function<void(Answer<Product>)>& done) {
  executor_.run(
      std::move(task), bytes, asker.gone,
      [done, drawn, asker, user = asker.principal.user, &quotas = quotas_, &estimates = estimates_,
       work = std::move(work), id = asker.request_id, uses = uses_](schedule::Finished finished) {
        const auto [queued, worked] = std::pair(finished.queued_us, finished.worked_us);
        if (finished.report) uses->add(finished.report->outcomes.at(0).cache);
        auto product = product_of(std::move(finished));
        if (product) estimates.learn(work, worked, product->outcome.bytes, id);
        // That no image is there was an answer, too.
        if (!product && product.error().code != ErrorCode::kNoCoverage)
          quotas.put_back(user, drawn);
        if (!product) product = fail(for_asker(std::move(product).error(), asker));
        done({std::move(product), queued, worked});
      });
}

void Cutouts::images(const cutout::CutoutRequest& request, const Asker& asker,
                     std::function<void(Answer<nlohmann::json>)> done) {
  if (auto open = open_for_(request.survey); !open) return done({fail(std::move(open).error())});
  if (auto may = surveys_.may_see(request.survey, request.release, asker.principal); !may)
    return done({fail(std::move(may).error())});
  executor_.locate(task_of(request, asker), asker.gone,
                   [done, asker](const Result<nlohmann::json>& rows) {
                     if (!rows) return done({fail(rows.error())});
                     const auto& row = rows->at(0);
                     if (!row.contains("error")) return done({row.at("images")});
                     const auto& error = row.at("error");
                     done({fail(for_asker({error_from_name(error.at("code").get<std::string>()),
                                           error.at("message").get<std::string>()},
                                          asker))});
                   });
}

}  // namespace recorte::service
