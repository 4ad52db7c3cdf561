/// The list of `recorte cut --positions`: read and checked whole before anything is cut, then kept
/// as little text a row, so that a list of any length costs little memory. A row's request is made
/// again of its text when its turn comes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/command/front/cut.hpp"
#include "core/cutout/request.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::command {

class PositionList {
 public:
  /// kUsage names the first rows that cannot be used, with file and line.
  static Result<PositionList> read(const CutOptions& options);

  std::size_t size() const { return rows_.size(); }
  /// As the list has it; where it has none, the number of the row from 1.
  std::string_view id(std::size_t row) const { return {at(row), rows_[row].id}; }
  /// A name for its files, without an ending; no two rows have the same.
  std::string_view name(std::size_t row) const {
    return {at(row) + rows_[row].id, rows_[row].name};
  }
  /// The canonical request.
  std::string_view request_text(std::size_t row) const {
    return {at(row) + rows_[row].id + rows_[row].name, rows_[row].request};
  }
  cutout::CutoutRequest request(std::size_t row) const;
  /// Of all rows.
  const std::set<std::string>& surveys() const { return surveys_; }
  /// Rows in the order in which they are cut: neighbours on the sky together
  /// (core/batch/sky_order.hpp). Taken once.
  std::vector<std::uint32_t> take_order() { return std::move(order_); }

 private:
  struct Row {
    std::uint64_t at;  ///< in text_: id, name, request
    std::uint32_t id, name, request;
  };
  class Reading;
  const char* at(std::size_t row) const { return text_.data() + rows_[row].at; }
  std::vector<Row> rows_;
  std::string text_;
  std::set<std::string> surveys_;
  std::vector<std::uint32_t> order_;
};

}  // namespace recorte::command
