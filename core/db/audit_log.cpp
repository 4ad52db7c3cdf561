// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/audit_log.hpp"

#include "core/base/id.hpp"
#include "core/db/audit_rows.hpp"
#include "core/db/migrate.hpp"
#include "core/db/sessions.hpp"
#include "core/db/write_behind.hpp"

#include <soci/soci.h>

#include <chrono>
#include <utility>

namespace recorte::db {
namespace {

using account::Event;
using Queue = WriteBehind<AuditRecord, AuditRows>;

constexpr std::chrono::seconds kOpening{10};  // to wait for other programs that start
constexpr std::chrono::seconds kSearching{5};
constexpr std::size_t kIdBytes = 8;

std::size_t bytes_of(const AuditRecord& record) {
  const auto& e = record.event;
  return sizeof record + record.id.size() + e.act.size() + e.outcome.size() + e.user.size() +
         e.service.size() + e.method.size() + e.credential.size() + e.address.size() +
         e.request_id.size() + e.object.size() + e.detail.size();
}

}  // namespace

struct AuditLog::Parts {
  Parts(Database database, std::unique_ptr<Queue> started)
      : sessions(std::move(database), {.most = 2, .patience = kSearching}),
        queue(std::move(started)) {}
  Sessions sessions;
  std::unique_ptr<Queue> queue;
};

Result<std::unique_ptr<AuditLog>> AuditLog::open(Options options) {
  RECORTE_TRY(open_schema(options.database, kOpening));
  auto queue = Queue::start({.database = options.database,
                             .what = "events of the audit trail",
                             .waiting = options.waiting,
                             .keep = options.keep,
                             .tries = options.tries,
                             .bytes_of = bytes_of});
  if (!queue) return fail(std::move(queue).error());
  return std::unique_ptr<AuditLog>(
      new AuditLog(std::make_unique<Parts>(std::move(options.database), std::move(*queue))));
}

AuditLog::AuditLog(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
AuditLog::~AuditLog() = default;

void AuditLog::add(Event event) {
  if (event.time == 0) event.time = now_micros();
  parts_->queue->add({random_hex(kIdBytes), std::move(event)});
}

Status AuditLog::flush() { return parts_->queue->flush(); }
std::uint64_t AuditLog::lost() const { return parts_->queue->lost(); }

Result<std::vector<Event>> AuditLog::search(const Filter& filter) {
  return parts_->sessions.read([&](soci::session& session) -> Result<std::vector<Event>> {
    return find_events(session, filter);
  });
}

}  // namespace recorte::db
