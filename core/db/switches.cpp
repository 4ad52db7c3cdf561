// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/switches.hpp"

#include "core/base/utf8.hpp"
#include "core/db/session.hpp"
#include "core/db/sessions.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <string>
#include <utility>

namespace recorte::db {
namespace {

constexpr Micros kSilence = 86'400'000'000;  ///< after which a server is forgotten

}  // namespace

struct Switches::Parts {
  Parts(Database database, Sessions::Options options) : sessions(std::move(database), options) {}
  Sessions sessions;
};

/// A beat that a power failure takes is no loss, and a switch is seen to be on or off.
Switches::Switches(Database database, std::chrono::milliseconds patience)
    : parts_(std::make_unique<Parts>(
          std::move(database),
          Sessions::Options{.most = 2, .patience = patience, .durability = Durability::kProcess})) {
}
Switches::~Switches() = default;

Result<std::vector<schedule::Switch>> Switches::all() {
  return parts_->sessions.read([](soci::session& session) -> Result<std::vector<schedule::Switch>> {
    std::vector<schedule::Switch> out;
    std::string name, value, by;
    long long changed = 0;
    soci::statement rows =
        (session.prepare << "select name, value, changed, changed_by from switch", soci::into(name),
         soci::into(value), soci::into(changed), soci::into(by));
    rows.execute();
    while (rows.fetch()) out.push_back({name, value, changed, by});
    std::ranges::sort(out, {}, &schedule::Switch::name);
    return out;
  });
}

Status Switches::set(const schedule::Switch& on) {
  const long long changed = on.changed;
  const auto name = good_utf8(on.name), value = good_utf8(on.value), by = good_utf8(on.by);
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    session << "insert into switch (name, value, changed, changed_by) "
               "values (:name, :value, :changed, :by) on conflict (name) do update set "
               "value = excluded.value, changed = excluded.changed, "
               "changed_by = excluded.changed_by",
        soci::use(name, "name"), soci::use(value, "value"), soci::use(changed, "changed"),
        soci::use(by, "by");
    return {};
  });
}

Status Switches::clear(const std::string& called) {
  const auto name = good_utf8(called);
  return parts_->sessions.write([&](soci::session& session, bool in_doubt) -> Status {
    soci::statement gone =
        (session.prepare << "delete from switch where name = :name", soci::use(name, "name"));
    gone.execute(true);
    if (gone.get_affected_rows() > 0 || in_doubt) return {};
    return fail(ErrorCode::kNotFound, "nothing is switched by the name '" + name + "'");
  });
}

Status Switches::beat(const schedule::ServerState& state) {
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    const long long now = clock_of(session), silent = now - kSilence;
    session << "insert into server (name, seen, state) values (:name, :seen, :state) "
               "on conflict (name) do update set seen = excluded.seen, state = excluded.state",
        soci::use(state.name, "name"), soci::use(now, "seen"), soci::use(state.state, "state");
    session << "delete from server where seen < :silent", soci::use(silent, "silent");
    return {};
  });
}

Status Switches::leave(const std::string& name) {
  return parts_->sessions.write([&](soci::session& session, bool) -> Status {
    session << "delete from server where name = :name", soci::use(name, "name");
    return {};
  });
}

Result<std::vector<schedule::ServerState>> Switches::servers() {
  return parts_->sessions.read(
      [](soci::session& session) -> Result<std::vector<schedule::ServerState>> {
        std::vector<schedule::ServerState> out;
        std::string name, state;
        long long seen = 0;
        soci::statement rows = (session.prepare << "select name, seen, state from server",
                                soci::into(name), soci::into(seen), soci::into(state));
        rows.execute();
        while (rows.fetch()) out.push_back({name, seen, state});
        std::ranges::sort(out, {}, &schedule::ServerState::name);
        return out;
      });
}

Result<Micros> Switches::now() {
  return parts_->sessions.read(
      [](soci::session& session) -> Result<Micros> { return clock_of(session); });
}

}  // namespace recorte::db
