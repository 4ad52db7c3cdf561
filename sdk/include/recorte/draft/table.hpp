/// Tables that adapters begin with: CSV, VOTable, JSON and FITS, read by the host. A draft, which
/// may change or go with any release: see docs/explanation/abi-policy.md.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../sdk.hpp"
#include "table.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <map>

namespace recorte {

/// One row. What it gives lives until the next one.
class Row {
 public:
  using Columns = std::map<std::string, std::size_t, std::less<>>;
  Row(const Columns& columns, std::string_view place, std::span<const recorte_str> fields)
      : columns_(columns), fields_(fields), place_(place) {}

  /// The field of a column, by its name in lower case; "" where there is none, or no value.
  std::string_view text(std::string_view column) const {
    const auto found = columns_.find(column);
    return found == columns_.end() ? std::string_view() : view(fields_[found->second]);
  }
  /// The same as a number; NaN where it is none.
  double number(std::string_view column) const {
    const std::string field(text(column));
    char* end = nullptr;
    const double value = std::strtod(field.c_str(), &end);
    return field.empty() || *end != '\0' ? NAN : value;
  }
  bool has(std::string_view column) const { return columns_.contains(column); }
  /// "list.csv:12", for messages.
  std::string_view place() const { return place_; }

 private:
  const Columns& columns_;
  std::span<const recorte_str> fields_;
  std::string_view place_;
};

namespace detail {

/// What the host's reader tells, on the side of C++.
struct TableReader {
  const std::function<void(const Row&)>& use;
  const std::function<void(std::string_view place, std::string_view why)>& bad;
  Row::Columns columns = {};
  std::exception_ptr thrown = nullptr;

  template <class Body>
  static recorte_status on(const recorte_row_sink* sink, Body&& body) noexcept {
    auto& self = *static_cast<TableReader*>(sink->ctx);
    try {
      body(self);
      return RECORTE_OK;
    } catch (...) {
      self.thrown = std::current_exception();
      return RECORTE_CANCELLED;
    }
  }
};

}  // namespace detail

/// Calls `use` with every row of a file, and `bad` where one has too few fields or too many. Throws
/// where the file cannot be read, or is broken.
inline void read_table(
    Host host, std::string_view path, const std::function<void(const Row&)>& use,
    const std::function<void(std::string_view place, std::string_view why)>& bad) {
  detail::TableReader reader{use, bad};
  const recorte_row_sink sink{
      sizeof sink,
      0,
      &reader,
      [](const recorte_row_sink* s, const recorte_str* names,
         std::uint32_t count) noexcept -> recorte_status {
        return detail::TableReader::on(s, [&](auto& self) {
          for (std::uint32_t i = 0; i < count; ++i) {
            std::string name(view(names[i]));
            for (char& c : name)
              if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            self.columns.emplace(std::move(name), i);
          }
        });
      },
      [](const recorte_row_sink* s, recorte_str place, const recorte_str* fields,
         std::uint32_t count) noexcept -> recorte_status {
        return detail::TableReader::on(s, [&](auto& self) {
          self.use(Row(self.columns, view(place), {fields, count}));
        });
      },
      [](const recorte_row_sink* s, recorte_str place, recorte_str why) noexcept -> recorte_status {
        return detail::TableReader::on(s, [&](auto& self) { self.bad(view(place), view(why)); });
      }};
  const auto& service = host.service<recorte_table>(RECORTE_DRAFT_TABLE);
  recorte_error err{};
  err.struct_size = sizeof err;
  const auto status = service.read(host.raw(), str(path), &sink, &err);
  if (reader.thrown) std::rethrow_exception(reader.thrown);
  if (status != RECORTE_OK) throw Error(status, err.message);
}

}  // namespace recorte
