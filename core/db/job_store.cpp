// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/job_store.hpp"

#include "core/base/time.hpp"
#include "core/base/utf8.hpp"
#include "core/db/job_parts.hpp"
#include "core/db/ledger_rows.hpp"
#include "core/db/migrate.hpp"
#include "core/job/charge.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace recorte::db {
namespace {

/// Conditions of a select, with what they use.
class Conditions {
 public:
  /// `text` has one "?", where the value goes.
  template <class T>
  void add(std::string text, T value) {
    const auto name = "c" + std::to_string(uses_.size());
    text.replace(text.find('?'), 1, ":" + name);
    add(text);
    uses_.push_back([name, kept = std::make_shared<T>(std::move(value))](soci::statement& to) {
      to.exchange(soci::use(*kept, name));
    });
  }
  void add(const std::string& text) { text_ += (text_.empty() ? "where " : " and ") + text; }
  void limit(long long most) { text_ += " limit " + std::to_string(std::max(0LL, most)); }
  /// The newest of those that fulfil what was added so far.
  void newest(long long most) {
    text_ = "where created in (select created from job " + text_ + " order by created desc limit " +
            std::to_string(std::max(0LL, most)) + ")";
  }
  void order(const char* by) { text_ += std::string(" order by ") + by; }

  const std::string& text() const { return text_; }
  Bind bind() const {
    return [this](soci::statement& statement) {
      for (const auto& use : uses_) use(statement);
    };
  }

 private:
  std::string text_;
  std::vector<std::function<void(soci::statement&)>> uses_;
};

Conditions conditions_of(const job::Filter& filter) {
  Conditions out;
  if (filter.phases.empty()) out.add("phase <> 'ARCHIVED'");
  std::string phases;  // their names are ours
  for (const auto phase : filter.phases)
    phases += (phases.empty() ? "'" : ", '") + std::string(name_of(phase)) + "'";
  if (!phases.empty()) out.add("phase in (" + phases + ")");
  if (filter.after) out.add("created > ?", static_cast<long long>(*filter.after));
  if (filter.ended) out.add("ended >= ?", static_cast<long long>(*filter.ended));
  if (filter.owner) out.add("owner = ?", good_utf8(*filter.owner));
  if (!filter.run_id.empty()) out.add("run_id = ?", good_utf8(filter.run_id));
  out.add("visibility <= " + std::to_string(static_cast<int>(filter.most)));
  if (filter.last) out.newest(*filter.last);
  if (!filter.before.empty())
    out.add("created < (select created from job where id = ?)", filter.before);
  out.order("created desc");
  out.limit(filter.limit);
  return out;
}

}  // namespace

Result<JobRow> row_with_id(soci::session& session, const std::string& id, std::string_view tail) {
  auto rows =
      select_jobs(session, "where id = :id" + std::string(tail),
                  [&](soci::statement& statement) { statement.exchange(soci::use(id, "id")); });
  if (rows.empty()) return no_job(id);
  return std::move(rows.front());
}

Result<std::unique_ptr<job::Store>> JobStore::open(Options options) {
  RECORTE_TRY(open_schema(options.database, options.patience));
  auto parts = std::make_unique<Parts>(
      std::move(options.database),
      Sessions::Options{std::max<std::size_t>(options.connections, 1), options.patience},
      std::move(options.clock), options.half_life);
  return std::unique_ptr<job::Store>(new JobStore(std::move(parts)));
}

JobStore::JobStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
JobStore::~JobStore() { parts_->news.end(); }  // who is told may ask until then

Result<job::Job> JobStore::add(job::Job job, const job::Admit& admit) {
  job.version = std::max<std::int64_t>(job.version, 1);
  auto added = parts_->sessions.write([&](soci::session& session,
                                          bool in_doubt) -> Result<job::Job> {
    take_turn(session, Turn::kAccept);
    if (const auto there = row_with_id(session, job.id)) {
      if (in_doubt) return job_of(*there);
      return fail(ErrorCode::kUsage, "there is a job '" + job.id + "' already; take another id");
    }
    const auto now = parts_->now(session);
    auto wanted = job;
    if (admit) RECORTE_TRY(admit(wanted, read_usage(session, row_of(job).owner, now)));
    long long latest = 0;
    session << "select coalesce(max(created), 0) from job", soci::into(latest);
    wanted.created = std::max<Micros>(wanted.created, latest + 1);
    auto row = row_of(wanted);
    settle_charge(session, {}, row, now);
    insert_job(session, row);
    parts_->news.changed(session, row.id);
    return job_of(row);
  });
  if (added) parts_->news.committed(added->id);
  return added;
}

Result<job::Job> JobStore::find(std::string_view id) {
  const std::string wanted(id);
  return parts_->sessions.read([&](soci::session& session) -> Result<job::Job> {
    const auto row = row_with_id(session, wanted);
    if (!row) return fail(row.error());
    return job_of(*row);
  });
}

Result<std::vector<job::Job>> JobStore::list(const job::Filter& filter) {
  const auto conditions = conditions_of(filter);
  return parts_->sessions.read([&](soci::session& session) {
    return jobs_of(select_jobs(session, conditions.text(), conditions.bind()));
  });
}

Result<job::Job> JobStore::change(std::string_view id,
                                  const std::function<Status(job::Job&)>& edit) {
  return rewrite(id, false, [&](job::Job& job, const job::Usage&) { return edit(job); });
}

Result<job::Job> JobStore::admit(std::string_view id, const job::Admit& admit) {
  return rewrite(id, true, admit);
}

Result<job::Job> JobStore::rewrite(std::string_view id, bool by_usage, const job::Admit& edit) {
  const std::string wanted(id);
  std::optional<JobRow> written;  // in the last try
  auto changed =
      parts_->sessions.write([&](soci::session& session, bool in_doubt) -> Result<job::Job> {
        if (by_usage) take_turn(session, Turn::kAccept);
        const auto row = row_with_id(session, wanted, for_update(session));
        if (!row) return fail(row.error());
        auto job = job_of(*row);
        if (!job) return job;
        if (in_doubt && written && *written == *row) return job;  // it came to pass
        const auto now = parts_->now(session);
        RECORTE_TRY(edit(*job, by_usage ? read_usage(session, row->owner, now) : job::Usage()));
        job::settle_charge(*job);
        auto next = row_of(*job);
        next.id = row->id;
        next.created = row->created;
        next.version = row->version + 1;
        settle_charge(session, *row, next, now);
        update_job(session, next);
        parts_->news.changed(session, wanted);
        written = std::move(next);
        return job_of(*written);
      });
  if (changed) parts_->news.committed(wanted);
  return changed;
}

Status JobStore::remove(std::string_view id) {
  const std::string wanted(id);
  auto removed = parts_->sessions.write([&](soci::session& session, bool in_doubt) -> Status {
    if (!row_with_id(session, wanted, for_update(session)))
      return in_doubt ? Status() : no_job(wanted);
    session << "delete from task where job = :id", soci::use(wanted);
    session << "delete from job where id = :id", soci::use(wanted);
    parts_->news.changed(session, wanted);
    return {};
  });
  if (removed) parts_->news.committed(wanted);
  return removed;
}

Result<std::vector<job::Job>> JobStore::due(Micros now, std::int64_t limit) {
  Conditions conditions;
  conditions.add("phase <> 'ARCHIVED'");
  conditions.add("destruction <= ?", static_cast<long long>(now));
  conditions.add("destruction > 0");
  conditions.order("destruction, created");
  conditions.limit(limit);
  return parts_->sessions.read([&](soci::session& session) {
    return jobs_of(select_jobs(session, conditions.text(), conditions.bind()));
  });
}

Result<std::string> JobStore::identity() {
  return parts_->sessions.read([](soci::session& session) -> Result<std::string> {
    long long applied = 0;
    session << "select applied from migration where number = 1", soci::into(applied);
    return "made " + iso_time(applied);
  });
}

void JobStore::listen(std::function<void(const std::string& id)> told) {
  parts_->news.listen(std::move(told));
}

Status JobStore::check() { return parts_->sessions.check(); }

}  // namespace recorte::db
