// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/task_run.hpp"

#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "core/batch/order.hpp"
#include "core/batch/pack.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

namespace recorte::batch {
namespace {

/// Of an item, that it may be made when it is tried again: it is not to blame.
bool is_passing(const Error& error) { return error.code == ErrorCode::kUnavailable; }

class TaskRun : public std::enable_shared_from_this<TaskRun> {
 public:
  TaskRun(TaskWork work, schedule::Executor& executor, Crew& crew,
          std::function<void(Result<TaskDone>)> done)
      : work_(std::move(work)), executor_(executor), crew_(crew), done_(std::move(done)) {}

  /// A bug costs the task, and not the service.
  template <class Work>
  void safely(Work&& work) {
    try {
      work();
    } catch (const std::exception& e) {
      end(fail(ErrorCode::kInternal, std::string("a bug in Recorte: ") + e.what()));
    }
  }

  void begin() {
    began_ms_ = monotonic_ms();
    auto order = read_order(work_.directory, work_.task.first, work_.task.count);
    if (!order) return end(fail(std::move(order).error()));
    left_ = std::move(*order);
    all_ = left_;
    for (const auto product : left_)
      if (product >= work_.plan->size())
        return end(fail(ErrorCode::kData, "the order of the job has a product " +
                                              std::to_string(product) +
                                              " that its plan has not; "
                                              "make a new job of its request"));
    if (const auto sealed = Pack::open(work_.directory, work_.task.number)) {
      // Whoever sealed it may have ended before its name was safe.
      if (auto safe = sync_directory(work_.directory); !safe)
        return end(fail(ErrorCode::kUnavailable, safe.error().message));
      return tell(**sealed);
    }
    auto pack = PackWriter::open(work_.directory, work_.task.number);
    if (!pack) return end(fail(std::move(pack).error()));
    pack_.emplace(std::move(*pack));
    if (auto good = take_finished(false); !good) return end(fail(std::move(good).error()));
    go_on();
  }

 private:
  /// Lets go of the file first: the next attempt may begin at once.
  void end(Result<TaskDone> what) {
    pack_.reset();
    done_(std::move(what));
  }

  /// What is whole in the pack needs no second making; nor, `passing`, does what has failed since
  /// it was last looked at by an error that passes. Of an earlier turn that is tried again.
  Status take_finished(bool passing) {
    auto outcomes = pack_->recover();
    if (!outcomes) return fail(std::move(outcomes).error());
    std::unordered_set<std::uint64_t> made;
    for (std::size_t i = 0; i < outcomes->size(); ++i) {
      const auto& outcome = (*outcomes)[i];
      const bool fresh = passing && i >= looked_at_;
      if (fresh || !outcome.error || !is_passing(*outcome.error)) made.insert(outcome.row);
    }
    looked_at_ = outcomes->size();
    std::erase_if(left_, [&](auto product) { return made.count(product) > 0; });
    some_ = some_ || !made.empty();
    const auto one =
        std::ranges::find_if(all_, [&](auto product) { return made.count(product) > 0; });
    if (survey_.empty() && one != all_.end())
      if (const auto request = work_.plan->request(*one)) survey_ = request->survey;
    return {};
  }

  void go_on() {
    if (left_.empty() || (some_ && !alone_ && is_over())) return seal();
    if (*work_.cancelled) return stop();
    auto task = make_task();
    if (!task) return end(fail(std::move(task).error()));
    if (task->items.empty()) return left_.empty() || !some_ ? go_on() : seal();
    executor_.run(std::move(*task), {pack_->file(), [this] { return pack_->name(); }},
                  work_.cancelled, [self = shared_from_this()](schedule::Finished finished) {
                    self->crew_.post([self, report = std::move(finished.report)]() mutable {
                      self->safely([&] { self->take(std::move(report)); });
                    });
                  });
  }

  /// Whether others have waited for this turn to end for long enough.
  bool is_over() const {
    const auto slice = work_.budget.slice_ms;
    return slice > 0 && monotonic_ms() - began_ms_ >= slice;
  }

  /// Of what is left: this turn's, or the one item that is suspected of having cost its worker.
  Result<cutout::Task> make_task() {
    cutout::Task task;
    task.id = work_.job + "/" + std::to_string(work_.task.number);
    task.groups = work_.groups;
    task.lane = cutout::Lane::kBatch;
    task.budget = work_.budget;
    task.memory = work_.memory;
    task.log_items = true;
    const auto count = alone_ ? 1 : std::min(left_.size(), std::max<std::size_t>(1, work_.most));
    for (const auto product :
         std::vector(left_.begin(), left_.begin() + static_cast<std::ptrdiff_t>(count))) {
      auto request = work_.plan->request(product);
      if (!request) {
        RECORTE_TRY(give_up(product, request.error()));
        continue;
      }
      // Who makes products of one survey must not find another's in the pack.
      if (survey_.empty()) survey_ = request->survey;
      if (request->survey != survey_) break;
      task.items.push_back({product, std::move(*request), {}});
    }
    return task;
  }

  void take(Result<cutout::TaskReport> report) {
    if (!report && is_passing(report.error())) return end(fail(std::move(report).error()));
    const auto suspect = left_.front();
    const auto before = left_.size();
    if (auto good = take_finished(true); !good) return end(fail(std::move(good).error()));
    if (report && before - left_.size() != report->outcomes.size())
      return end(fail(ErrorCode::kUnavailable,
                      "the executor told of " + std::to_string(report->outcomes.size()) +
                          " products, of which " + std::to_string(before - left_.size()) +
                          " are there"));
    if (report) {
      if (!alone_ && some_ && !left_.empty()) return seal();  // the others' turn
      alone_ = false;
    } else if (schedule::blames_item(report.error())) {
      if (auto good = blame(suspect, report.error()); !good)
        return end(fail(std::move(good).error()));
    }
    go_on();
  }

  /// Of a task that cost its worker, the first item that is not whole is the one that did.
  Status blame(std::uint32_t suspect_before, const Error& error) {
    if (left_.empty()) return {};
    const auto suspect = left_.front();
    tries_ = suspect == suspect_before && alone_ ? tries_ + 1 : 1;
    alone_ = tries_ < work_.retry.culprit_tries;
    if (!alone_) {
      tries_ = 0;
      return give_up(suspect, error);
    }
    return {};
  }

  Status give_up(std::uint32_t product, const Error& error) {
    cutout::Outcome outcome;
    outcome.row = product;
    outcome.error = error;
    RECORTE_TRY(pack_->add(outcome));
    std::erase(left_, product);
    some_ = true;
    return {};
  }

  void stop() {
    if (*work_.leave || !some_) return end(fail(ErrorCode::kCancelled, "cancelled"));
    seal();
  }

  /// What is left is made in another turn, whatever an earlier one says of it.
  void seal() {
    const std::unordered_set<std::uint32_t> left(left_.begin(), left_.end());
    auto done = all_;
    std::erase_if(done, [&](auto product) { return left.contains(product); });
    if (auto sealed = pack_->seal(done); !sealed) return end(fail(std::move(sealed).error()));
    const auto pack = Pack::open(work_.directory, work_.task.number);
    if (!pack) return end(fail(pack.error()));
    tell(**pack);
  }

  /// What is in a sealed pack stays as it is.
  void tell(const Pack& pack) {
    std::unordered_set<std::uint64_t> made;
    for (std::size_t i = 0; i < pack.size(); ++i) made.insert(pack.slot(i).product);
    std::erase_if(left_, [&](auto product) { return made.count(product) > 0; });
    end(TaskDone{pack.tally(), std::move(left_)});
  }

  TaskWork work_;
  schedule::Executor& executor_;
  Crew& crew_;
  std::function<void(Result<TaskDone>)> done_;
  std::optional<PackWriter> pack_;
  std::vector<std::uint32_t> all_;   ///< the task's
  std::vector<std::uint32_t> left_;  ///< to be made, in their order
  std::string survey_;               ///< of what is in the pack, or will be
  std::int64_t began_ms_ = 0;
  std::size_t looked_at_ = 0;  ///< outcomes of the pack
  bool some_ = false;          ///< is in the pack
  bool alone_ = false;         ///< the first of `left_` is tried by itself
  int tries_ = 0;              ///< of it
};

}  // namespace

void run_task(TaskWork work, schedule::Executor& executor, Crew& crew,
              std::function<void(Result<TaskDone>)> done) {
  auto run = std::make_shared<TaskRun>(std::move(work), executor, crew, std::move(done));
  crew.post([run] { run->safely([&] { run->begin(); }); });
}

}  // namespace recorte::batch
