// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/ledger.hpp"

#include "core/base/calendar.hpp"
#include "core/base/utf8.hpp"
#include "core/db/ledger_rows.hpp"
#include "core/db/sessions.hpp"
#include "core/quota/verdict.hpp"

#include <soci/soci.h>

#include <utility>

namespace recorte::db {

struct Ledger::Parts {
  explicit Parts(Options options)
      : sessions(std::move(options.database), {.most = 2, .patience = options.patience}),
        clock(std::move(options.clock)) {}
  Sessions sessions;
  const std::function<Micros()> clock;
};

Ledger::Ledger(Options options) : parts_(std::make_unique<Parts>(std::move(options))) {}
Ledger::~Ledger() = default;

Result<quota::Taken> Ledger::take(const std::string& owner, std::int64_t most,
                                  const quota::Limits& limits) {
  const auto whose = good_utf8(owner);
  return parts_->sessions.write([&](soci::session& session, bool in_doubt) -> Result<quota::Taken> {
    if (in_doubt)
      return fail(ErrorCode::kUnavailable,
                  "the database was lost while cutouts were charged; try again");
    take_turn(session, Turn::kAccept);
    const auto now = parts_->clock ? parts_->clock() : clock_of(session);
    quota::Taken out{0, read_ledger(session, whose, now)};
    out.cutouts = quota::lease_of(quota::cutouts_left(limits, out.usage), most);
    add_to_ledger(session, whose, day_of(now), out.cutouts, 0);
    return out;
  });
}

Status Ledger::give_back(const std::string& owner, std::int64_t cutouts, std::int64_t day) {
  const auto whose = good_utf8(owner);
  return parts_->sessions.write([&](soci::session& session, bool in_doubt) -> Status {
    if (in_doubt) return {};  // rather charged for nothing than given back twice
    add_to_ledger(session, whose, day, -cutouts, 0);
    return {};
  });
}

}  // namespace recorte::db
