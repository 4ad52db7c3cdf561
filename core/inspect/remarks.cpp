// SPDX-License-Identifier: BSD-3-Clause
#include "core/inspect/remarks.hpp"

#include <algorithm>

namespace recorte::inspect {

void Remarks::add(bool trouble, const std::string& what, const std::string& remedy,
                  std::string example) {
  auto found = std::ranges::find(remarks_, what, &Remark::what);
  if (found == remarks_.end())
    found = remarks_.insert(remarks_.end(), Remark{trouble, what, remedy, 0, {}});
  ++found->count;
  if (found->examples.size() < kExamples) found->examples.push_back(std::move(example));
}

std::vector<Remark> Remarks::all() const {
  auto out = remarks_;
  std::stable_partition(out.begin(), out.end(), [](const auto& each) { return each.trouble; });
  return out;
}

bool Remarks::any_trouble() const { return std::ranges::any_of(remarks_, &Remark::trouble); }

}  // namespace recorte::inspect
