// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/request_log.hpp"

#include "core/db/migrate.hpp"
#include "core/db/request_rows.hpp"
#include "core/db/write_behind.hpp"

#include <chrono>
#include <utility>

namespace recorte::db {
namespace {

constexpr std::chrono::seconds kOpening{10};  // to wait for other programs that start

std::size_t bytes_of(const RequestRecord& r) {
  return sizeof r + r.id.size() + r.user.size() + r.service.size() + r.address.size() +
         r.method.size() + r.route.size() + r.target.size() + r.run_id.size() + r.survey.size() +
         r.canonical.size() + r.error.size();
}

}  // namespace

struct RequestLog::Implementation {
  std::unique_ptr<WriteBehind<RequestRecord, RequestRows>> queue;
};

Result<std::unique_ptr<RequestLog>> RequestLog::open(Options options) {
  RECORTE_TRY(open_schema(options.database, kOpening));
  auto queue = WriteBehind<RequestRecord, RequestRows>::start({.database = options.database,
                                                               .what = "records of requests",
                                                               .waiting = options.waiting,
                                                               .keep = options.keep,
                                                               .tries = options.tries,
                                                               .bytes_of = bytes_of});
  if (!queue) return fail(std::move(queue).error());
  auto implementation = std::make_unique<Implementation>();
  implementation->queue = std::move(*queue);
  return std::unique_ptr<RequestLog>(new RequestLog(std::move(implementation)));
}

RequestLog::RequestLog(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}
RequestLog::~RequestLog() = default;

void RequestLog::add(RequestRecord record) { implementation_->queue->add(std::move(record)); }
Status RequestLog::flush() { return implementation_->queue->flush(); }
std::uint64_t RequestLog::lost() const { return implementation_->queue->lost(); }

}  // namespace recorte::db
