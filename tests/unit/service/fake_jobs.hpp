/// Jobs in memory, for tests of faces: what is done to one is done at once, and who waits is told
/// when a test changes a job. And requests to the routes of a face.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/router.hpp"
#include "server/service/job_archive.hpp"
#include "server/service/jobs.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace recorte::test {

class FakeJobs : public service::Jobs {
 public:
  /// What a test looks at, and sets.
  std::map<std::string, job::Job> all;
  service::Submission submitted;
  std::optional<Error> refusal;  ///< of the next creation
  std::optional<std::int64_t> counted;
  service::Foreseen foreseen;
  job::Filter asked;
  std::shared_ptr<const batch::Results> made;
  std::optional<Error> forbidden;                    ///< why nobody may have any results
  std::vector<std::optional<std::int64_t>> numbers;  ///< of products that were asked for
  std::vector<std::int64_t> outside_rows;
  std::map<std::string, service::QueuePlace> places;  ///< in the queue, by the job's id
  int waits = 0;
  std::int64_t waited_seconds = 0;

  std::vector<quota::Standing> standing;

  job::Job& add(const std::string& id, job::Phase phase = job::Phase::kPending) {
    auto& job = all[id];
    job.id = id;
    job.phase = phase;
    job.created = 1'764'361'778'123'456;
    return job;
  }
  /// As if somebody else had.
  void change(const std::string& id, const std::function<void(job::Job&)>& edit) {
    edit(all.at(id));
    ++all.at(id).version;
    tell();
  }
  /// All who wait, as if their time were over.
  void tell() {
    for (auto& [id, done] : std::exchange(waiting_, {})) done(find(id, {}));
  }
  /// As if the server were about to end.
  void release() {
    for (auto& [id, done] : std::exchange(waiting_, {}))
      done(fail(ErrorCode::kUnavailable, "the server is about to end"));
  }
  bool somebody_waits() const { return !waiting_.empty(); }

  void estimate(service::Submission submission, std::optional<std::int64_t> positions,
                const service::Asker&,
                std::function<void(Result<service::Foreseen>)> done) override {
    submitted = std::move(submission);
    counted = positions;
    if (refusal) return done(fail(*refusal));
    done(foreseen);
  }
  void create(service::Submission submission, const service::Asker&,
              std::function<void(Result<service::Created>)> done) override {
    submitted = std::move(submission);
    if (refusal) return done(fail(*refusal));
    auto& job = add("new", submitted.run ? job::Phase::kQueued : job::Phase::kPending);
    job.face = submitted.face;
    job.parameters = submitted.parameters;
    job.list = submitted.list_name;
    job.run_id = submitted.run_id;
    done(service::Created{job, outside_rows});
  }
  Result<job::Job> find(const std::string& id, const service::Asker&) override {
    const auto found = all.find(id);
    if (found == all.end()) return fail(ErrorCode::kNotFound, "no job is called '" + id + "'");
    if (found->second.owner == "somebody")
      return fail(ErrorCode::kForbidden, "the job " + id + " belongs to somebody else");
    return found->second;
  }
  Result<std::vector<job::Job>> list(job::Filter filter, const service::Asker&) override {
    asked = std::move(filter);
    std::vector<job::Job> out;
    for (const auto& [id, job] : all) out.push_back(job);
    return out;
  }
  Result<job::Job> run(const std::string& id, const service::Asker& asker) override {
    return move(id, job::Move::kRun, asker);
  }
  Result<job::Job> abort(const std::string& id, const service::Asker& asker) override {
    return move(id, job::Move::kAbort, asker);
  }
  Result<job::Job> retry(const std::string& id, const service::Asker& asker) override {
    return move(id, job::Move::kRetry, asker);
  }
  Result<job::Job> pause(const std::string& id, const service::Asker& asker) override {
    return move(id, job::Move::kHold, asker);
  }
  Result<job::Job> set_place(const std::string& id, std::int64_t place,
                             const service::Asker& asker) override {
    return edited(id, asker, [&](job::Job& job) { job.place = place; });
  }
  std::optional<service::QueuePlace> queue_place(const job::Job& job) override {
    const auto found = places.find(job.id);
    return found == places.end() ? std::nullopt : std::optional(found->second);
  }
  Result<job::Job> set_destruction(const std::string& id, Micros time,
                                   const service::Asker& asker) override {
    return edited(id, asker, [&](job::Job& job) { job.destruction = time; });
  }
  Result<job::Job> set_execution(const std::string& id, std::int64_t seconds,
                                 const service::Asker& asker) override {
    return edited(id, asker, [&](job::Job& job) { job.execution_seconds = seconds; });
  }
  Result<job::Job> set_parameters(const std::string& id, std::vector<job::Parameter> parameters,
                                  const service::Asker& asker) override {
    return edited(id, asker, [&](job::Job& job) { job.parameters = std::move(parameters); });
  }
  Status remove(const std::string& id, const service::Asker& asker) override {
    RECORTE_TRY(find(id, asker));
    all.erase(id);
    return {};
  }
  void rerun(const std::string& id, const service::Asker& asker,
             std::function<void(Result<service::Created>)> done) override {
    if (auto old = find(id, asker); !old) return done(fail(old.error()));
    done(service::Created{add("again", job::Phase::kQueued), {}});
  }
  void wait(const std::string& id, std::int64_t known, std::int64_t seconds,
            const service::Asker& asker, std::function<void(Result<job::Job>)> done) override {
    ++waits;
    waited_seconds = seconds;
    if (auto now = find(id, asker); !now || now->version != known) return done(std::move(now));
    waiting_.emplace_back(id, std::move(done));
  }
  Result<std::shared_ptr<const batch::Results>> results(
      const job::Job& job, const service::Asker&, std::optional<std::int64_t> number) override {
    numbers.push_back(number);
    if (forbidden) return fail(*forbidden);
    if (!made) return fail(ErrorCode::kNotFound, "nothing is made of the job " + job.id + " yet");
    return made;
  }
  Result<std::shared_ptr<const http::Source>> archive(
      store::ArchiveKind kind, const job::Job& job,
      const std::shared_ptr<const batch::Results>& results) override {
    return service::archive_of(kind, job, results);
  }
  Result<std::vector<quota::Standing>> standings(const service::Asker&) override {
    return standing;
  }
  Status check() override { return {}; }

 private:
  Result<job::Job> edited(const std::string& id, const service::Asker& asker,
                          const std::function<void(job::Job&)>& edit) {
    if (auto found = find(id, asker); !found) return found;
    change(id, edit);
    return all.at(id);
  }
  Result<job::Job> move(const std::string& id, job::Move move, const service::Asker& asker) {
    auto found = find(id, asker);
    if (!found) return found;
    auto phase = job::moved(found->phase, move);
    if (!phase) return fail(std::move(phase).error());
    return edited(id, asker, [&](job::Job& job) { job.phase = *phase; });
  }

  std::vector<std::pair<std::string, std::function<void(Result<job::Job>)>>> waiting_;
};

/// A face, and what it answers; nothing where it has not answered yet.
class Client {
 public:
  explicit Client(std::vector<http::Route> routes)
      : router_(
            std::move(routes),
            [](const http::Request&, int status, const std::string& message) {
              return http::text_response(status, "text/plain", message);
            },
            http::Cors{}) {}

  std::shared_ptr<http::Request> request(const std::string& method, const std::string& path,
                                         std::vector<http::Parameter> parameters = {}) const {
    auto out = std::make_shared<http::Request>();
    out->method = method;
    out->path = path;
    out->parameters = std::move(parameters);
    out->base_url = "https://sky.example/cut";
    out->id = "0123456789abcdef";
    return out;
  }
  std::shared_ptr<std::optional<http::Response>> send(
      const std::shared_ptr<http::Request>& request) const {
    auto out = std::make_shared<std::optional<http::Response>>();
    router_.handle(request, http::Reply([out](http::Response r) { out->emplace(std::move(r)); },
                                        std::make_shared<std::atomic<bool>>(false)));
    return out;
  }
  http::Response get(const std::string& path, std::vector<http::Parameter> parameters = {}) const {
    return std::move(send(request("GET", path, std::move(parameters)))->value());
  }
  http::Response post(const std::string& path, std::vector<http::Parameter> parameters = {}) const {
    return std::move(send(request("POST", path, std::move(parameters)))->value());
  }

 private:
  http::Router router_;
};

/// Of a body in memory.
inline std::string body_of(const http::Response& response) {
  std::string out;
  for (const auto& piece : std::get<std::vector<http::Piece>>(response.body))
    out += *std::get<http::Text>(piece).bytes;
  return out;
}
inline std::string header(const http::Response& response, std::string_view name) {
  const auto* value = response.headers.find(name);
  return value ? *value : "";
}

}  // namespace recorte::test
