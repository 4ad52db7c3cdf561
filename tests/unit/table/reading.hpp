/// Tables read whole, to be looked at.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/table/visit.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace recorte::table {

struct Seen {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> places;
};

inline Result<Seen> see(std::string_view bytes, const Limits& limits = {}) {
  Seen seen;
  RowVisitor visitor;
  visitor.columns = [&](const auto& names) -> Status {
    EXPECT_TRUE(seen.columns.empty());
    seen.columns = names;
    return {};
  };
  visitor.row = [&](auto& fields, Place place) -> Status {
    EXPECT_EQ(fields.size(), seen.columns.size());
    seen.rows.push_back(fields);
    seen.places.push_back(place.in("t"));
    return {};
  };
  RECORTE_TRY(visit_table(bytes, "t", visitor, limits));
  return seen;
}

inline Seen seen(std::string_view bytes) {
  auto out = see(bytes);
  EXPECT_TRUE(out) << out.error().message;
  return out.value_or(Seen{});
}

inline std::string refused(std::string_view bytes, const Limits& limits = {}) {
  const auto out = see(bytes, limits);
  EXPECT_FALSE(out);
  return out ? "" : out.error().message;
}

}  // namespace recorte::table
