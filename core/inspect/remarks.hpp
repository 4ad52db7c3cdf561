/// What an admin is told of a survey: the same remark on many images is one remark, with how many
/// they are and some of them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace recorte::inspect {

struct Remark {
  bool trouble = false;  ///< users will meet it; else it is only worth knowing
  std::string what;      ///< of all of them: "cannot be read"
  std::string remedy;
  std::size_t count = 0;
  std::vector<std::string> examples;  ///< a file or an image, and what there is to say of it
};

class Remarks {
 public:
  static constexpr std::size_t kExamples = 3;

  /// Counted with those of the same `what`.
  void trouble(const std::string& what, const std::string& remedy, std::string example) {
    add(true, what, remedy, std::move(example));
  }
  void note(const std::string& what, const std::string& remedy, std::string example) {
    add(false, what, remedy, std::move(example));
  }
  /// Troubles first, each kind in the order they came.
  std::vector<Remark> all() const;
  bool any_trouble() const;

 private:
  void add(bool trouble, const std::string& what, const std::string& remedy, std::string example);
  std::vector<Remark> remarks_;
};

}  // namespace recorte::inspect
