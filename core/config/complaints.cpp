// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/complaints.hpp"

#include <algorithm>

namespace recorte::config {

void Complaints::add(std::string_view pointer, std::string_view sentence) {
  found_.push_back(
      {std::string(pointer), document_.line(pointer), document_.error(pointer, sentence)});
}

bool Complaints::about(std::string_view pointer) const {
  return std::ranges::find(found_, pointer, &Complaint::pointer) != found_.end();
}

std::vector<Error> Complaints::all() const {
  auto sorted = found_;
  std::ranges::stable_sort(sorted, {}, &Complaint::line);
  std::vector<Error> out;
  for (auto& complaint : sorted)
    if (std::ranges::find(out, complaint.error.message, &Error::message) == out.end())
      out.push_back(std::move(complaint.error));
  return out;
}

Status Complaints::first() const {
  if (found_.empty()) return {};
  return fail(all().front());
}

}  // namespace recorte::config
