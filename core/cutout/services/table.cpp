// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"
#include "core/cutout/services/services.hpp"
#include "core/cutout/source.hpp"
#include "core/plugin/host.hpp"
#include "core/table/visit.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace recorte::cutout {
namespace {

/// Ends the reading; the status of the sink is what is returned then.
const Error kStopped{ErrorCode::kCancelled, "stopped"};

recorte_status read_table(const recorte_host*, recorte_str path, const recorte_row_sink* sink,
                          recorte_error* err) {
  recorte_status status = RECORTE_OK;  // of the sink
  const auto served = plugin::serve_plugin(err, [&]() -> Status {
    const std::string name(view(path));
    const auto bytes = read_file(name);
    if (!bytes) return fail(bytes.error());
    const auto source = std::filesystem::path(name).filename().string();
    std::vector<recorte_str> texts;
    const auto told = [&](recorte_status said) -> Status {
      status = said;
      return said == RECORTE_OK ? Status{} : fail(kStopped);
    };
    const auto borrowed = [&](const std::vector<std::string>& all) {
      texts.clear();
      for (const auto& one : all) texts.push_back(str(one));
      return static_cast<std::uint32_t>(texts.size());
    };
    const table::RowVisitor visitor{
        [&](const std::vector<std::string>& names) {
          const auto count = borrowed(names);
          return told(sink->columns(sink, texts.data(), count));
        },
        [&](std::vector<std::string>& fields, table::Place place) {
          const auto count = borrowed(fields);
          return told(sink->row(sink, str(place.in(source)), texts.data(), count));
        },
        [&](table::Place place, const std::string& why) {
          return told(sink->bad_row(sink, str(place.in(source)), str(why)));
        }};
    return table::visit_table(*bytes, source, visitor);
  });
  return status == RECORTE_OK ? served : status;
}

}  // namespace

const recorte_table* table_service() {
  static constexpr recorte_table table{sizeof(recorte_table), 0, read_table};
  return &table;
}

}  // namespace recorte::cutout
