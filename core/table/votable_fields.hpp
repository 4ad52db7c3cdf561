/// The columns of a VOTable and its rows in binary form (VOTable 1.4, sections 2.1, 5.3 and 5.4).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/table/binary_values.hpp"
#include "core/table/rows.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::table {

struct VotableField {
  std::string name;
  BinaryKind kind = BinaryKind::kChar;
  std::uint64_t count = 1;  ///< of values in a row
  bool variable = false;    ///< `count` is told in each row
  std::string null;         ///< as VALUES has it; "": none
  bool is_scalar() const { return count == 1 && !variable; }
  bool is_real() const { return kind == BinaryKind::kFloat || kind == BinaryKind::kDouble; }
};

/// By the attributes of FIELD. kUsage names what is unknown; without the source.
Result<VotableField> votable_field(const std::string& name, const std::string& datatype,
                                   const std::string& arraysize);

/// Rows out of base64 text that comes in pieces.
class VotableStream {
 public:
  VotableStream(const std::string& source, const std::vector<VotableField>& fields,
                bool with_nulls);
  /// kUsage where it is no base64, naming the source; errors of `row`.
  Status add(std::string_view base64,
             const std::function<Status(std::vector<std::string>& values)>& row);
  /// The same where it ends inside a row.
  Status end() const;

 private:
  bool next_row();
  const std::string& source_;
  const std::vector<VotableField>& fields_;
  std::vector<Meaning> meanings_;
  const bool with_nulls_;  ///< BINARY2: a bit for each field comes before them
  std::string bytes_;
  std::size_t at_ = 0;      ///< of the row at hand
  std::size_t need_ = 0;    ///< bytes from there, before it is worth another look
  std::uint32_t bits_ = 0;  ///< of base64 that make no byte yet
  int characters_ = 0;      ///< modulo 4
  bool padded_ = false;
  std::vector<std::string> values_;
};

}  // namespace recorte::table
