// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/front/manifest.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"

#include <algorithm>
#include <span>

namespace recorte::command {
namespace {

constexpr std::size_t kBuffer = 1 << 20;
constexpr std::array<std::string_view, 3> kStatusNames{"failed", "no_coverage", "ok"};

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == text.npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

}  // namespace

void Manifest::set(std::size_t row, const RowOutcome& outcome, std::optional<store::Place> place) {
  rows_[row] = {outcome.status,   place.value_or(store::Place()),       outcome.bytes,
                outcome.coverage, outcome.file + "\n" + outcome.images, outcome.message};
}

std::size_t Manifest::count(RowStatus status) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(rows_, [&](const auto& row) { return row.status == status; }));
}

std::optional<std::size_t> Manifest::first_failed() const {
  for (std::size_t i = 0; i < rows_.size(); ++i)
    if (rows_[i].status == RowStatus::kFailed) return i;
  return {};
}

Status Manifest::write(const PositionList& list, const std::vector<std::filesystem::path>& shards,
                       bool with_index, int fd) const {
  std::string text = "row,id,status,file,bytes,coverage,images,message,request";
  text += with_index ? ",index\n" : "\n";
  const auto flush = [&]() -> Status {
    RECORTE_TRY(write_all(fd, std::as_bytes(std::span(text))));
    text.clear();
    return {};
  };
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto& row = rows_[i];
    const auto middle = row.file_and_images.find('\n');
    auto file = row.file_and_images.substr(0, middle);
    const auto images = middle == std::string::npos ? "" : row.file_and_images.substr(middle + 1);
    const bool made = row.status == RowStatus::kOk;
    if (made && with_index) file = shards.at(row.place.shard).filename().string();
    text += join({std::to_string(i + 1), csv_field(list.id(i)),
                  std::string(kStatusNames[static_cast<std::size_t>(row.status)]),
                  made ? csv_field(file) : "", std::to_string(row.bytes), number_text(row.coverage),
                  csv_field(images), csv_field(row.message), csv_field(list.request_text(i))},
                 ",");
    if (with_index) text += made ? "," + std::to_string(row.place.index) : ",";
    text += '\n';
    if (text.size() > kBuffer) RECORTE_TRY(flush());
  }
  return flush();
}

}  // namespace recorte::command
