// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/job_events.hpp"

#include "server/api/job_json.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <mutex>
#include <utility>

namespace recorte::api {
namespace {

/// After so long without news something is said, so that no proxy takes the connection for dead.
constexpr std::int64_t kQuietSeconds = 15;

std::string event(std::string_view name, const std::string& data) {
  return "event: " + std::string(name) + "\ndata: " + data + "\n\n";
}

/// What the stream and the one wait that is under way share.
struct News {
  std::mutex mutex;
  bool waiting = false;
  std::unique_ptr<Result<job::Job>> come;
  std::function<void()> wake;  ///< none once the stream is gone
};

class JobEvents : public http::Stream {
 public:
  JobEvents(service::Jobs& jobs, job::Job job, std::string base_url, service::Asker asker)
      : jobs_(jobs), base_url_(std::move(base_url)), asker_(std::move(asker)) {
    news_->come = std::make_unique<Result<job::Job>>(std::move(job));
  }
  ~JobEvents() override {
    const std::lock_guard lock(news_->mutex);
    news_->wake = nullptr;
  }
  JobEvents(const JobEvents&) = delete;
  JobEvents& operator=(const JobEvents&) = delete;

  Result<State> next(http::Piece& piece, const std::function<void()>& wake) override {
    if (ended_) return State::kEnd;
    {
      const std::lock_guard lock(news_->mutex);
      if (news_->come) {
        piece = http::text_piece(told(*std::exchange(news_->come, nullptr)));
        return State::kPiece;
      }
      news_->wake = wake;
      if (std::exchange(news_->waiting, true)) return State::kLater;
    }
    jobs_.wait(id_, version_, kQuietSeconds, asker_, [news = news_](Result<job::Job> job) {
      std::function<void()> wake_up;
      {
        const std::lock_guard lock(news->mutex);
        news->waiting = false;
        news->come = std::make_unique<Result<job::Job>>(std::move(job));
        wake_up = std::exchange(news->wake, nullptr);
      }
      if (wake_up) wake_up();
    });
    return State::kLater;
  }

 private:
  std::string told(const Result<job::Job>& job) {
    if (!job) {
      ended_ = true;
      // A client that asks again, as browsers do, finds the job as it is then.
      if (job.error().code == ErrorCode::kUnavailable) return ": " + job.error().message + "\n\n";
      // Most often it was deleted meanwhile.
      return event("end", nlohmann::ordered_json{{"id", id_}, {"detail", job.error().message}}.dump(
                              -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    }
    if (job->version == version_) return ": nothing new\n\n";
    id_ = job->id;
    version_ = job->version;
    ended_ = job::has_ended(job->phase);
    return event(ended_ ? "end" : "progress",
                 job_json(*job, base_url_, jobs_.queue_place(*job))
                     .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  }

  service::Jobs& jobs_;
  const std::string base_url_;
  const service::Asker asker_;
  const std::shared_ptr<News> news_ = std::make_shared<News>();
  std::string id_;
  std::int64_t version_ = -1;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<http::Stream> job_events(service::Jobs& jobs, job::Job job, std::string base_url,
                                         service::Asker asker) {
  return std::make_unique<JobEvents>(jobs, std::move(job), std::move(base_url), std::move(asker));
}

}  // namespace recorte::api
