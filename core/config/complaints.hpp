/// All that is wrong with a document, as its readers find it, one after the other: an admin mends a
/// file once, not once for each mistake.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recorte::config {

class Complaints {
 public:
  /// The document must live as long.
  explicit Complaints(const Document& document) : document_(document) {}

  const Document& document() const { return document_; }
  /// As Document::error() has it.
  void add(std::string_view pointer, std::string_view sentence);
  bool empty() const { return found_.empty(); }
  /// Whether something was said of just this.
  bool about(std::string_view pointer) const;
  /// In the order of the file, each once.
  std::vector<Error> all() const;
  /// The first of them.
  Status first() const;

 private:
  struct Complaint {
    std::string pointer;
    int line;
    Error error;
  };
  const Document& document_;
  std::vector<Complaint> found_;
};

}  // namespace recorte::config
