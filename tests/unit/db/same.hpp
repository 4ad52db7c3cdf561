/// The two databases against each other: the same steps on both, and their answers as text.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/unit/db/support.hpp"
#include "tests/unit/random.hpp"

#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace recorte::db {

/// With bars between them, and all of their digits.
template <class... Values>
std::string words(const Values&... values) {
  std::ostringstream out;
  out.precision(std::numeric_limits<double>::max_digits10);
  ((out << values << '|'), ...);
  return out.str();
}

/// What users send: of several alphabets, in quotes, no UTF-8, nothing, NUL.
inline std::string odd_text(std::uint32_t n) {
  static const std::vector<std::string> texts{"",
                                              "a",
                                              "A",
                                              "'; drop table job; --",
                                              "\"\\",
                                              "é☃🔭",
                                              std::string("a\0b", 3),
                                              "\xff",
                                              "%_",
                                              "null",
                                              "a|b\n",
                                              ":id",
                                              "a ",
                                              std::string(300, 'x')};
  return texts[n % texts.size()];
}

inline std::string said(const Status& status) {
  return status ? "done" : words(static_cast<int>(status.error().code), status.error().message);
}
/// `text_of` makes words of a value, or of each of a list.
template <class T, class Text>
std::string said(const Result<T>& result, Text text_of) {
  if (!result) return words(static_cast<int>(result.error().code), result.error().message);
  if constexpr (
      requires { result->begin(); } && !requires { result->c_str(); }) {
    std::string out;
    for (const auto& each : *result) out += text_of(each) + "\n";
    return out;
  } else {
    return text_of(*result);
  }
}

/// The first line in which they differ; "" for none.
inline std::string difference(const std::string& sqlite, const std::string& postgresql) {
  std::istringstream a(sqlite), b(postgresql);
  for (std::string one, other; sqlite != postgresql;) {
    const bool more = static_cast<bool>(std::getline(a, one));
    if (!std::getline(b, other) && !more) return "one has a line more";
    if (one != other) return "\n  SQLite:     " + one + "\n  PostgreSQL: " + other;
  }
  return "";
}

/// A side is made of a database, takes steps, and says what it answered, and everything.
template <class Side>
void try_on_both(int rounds, int steps, const std::vector<std::string>& names) {
  if (!Postgres::missing().empty()) GTEST_SKIP() << Postgres::missing();
  test::try_sequences(rounds, steps, names, [&names](const std::vector<test::Step>& all) {
    const Scratch scratch;
    const Database file = scratch / "r.db";
    const auto server = Database::at(Postgres::shared().fresh(), "");
    if (!server) return server.error().message;
    Side one(file), other(*server);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto& name = names[static_cast<std::size_t>(all[i].kind)];
      auto why = difference(one.take(all[i]), other.take(all[i]));
      if (why.empty() && (i % 10 == 9 || i + 1 == all.size()))
        why = difference(one.everything(), other.everything());
      if (!why.empty()) return name + ": " + why;
    }
    return std::string();
  });
}

}  // namespace recorte::db
