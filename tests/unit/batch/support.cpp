// SPDX-License-Identifier: BSD-3-Clause
#include "support.hpp"

#include "core/cutout/item_log.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <span>
#include <stdexcept>

namespace recorte::batch {

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "recorte-batch-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace recorte::batch

namespace recorte::batch::test {

cutout::Outcome made(std::uint64_t row, double coverage) {
  cutout::Outcome out;
  out.row = row;
  out.coverage = coverage;
  out.width = 16;
  out.bands = {"g"};
  out.seconds = 0.25;
  return out;
}

cutout::Outcome failed(std::uint64_t row, ErrorCode code, const std::string& message) {
  cutout::Outcome out;
  out.row = row;
  out.error = Error{code, message};
  return out;
}

Status write_item(int fd, cutout::Outcome outcome, std::string_view product) {
  RECORTE_TRY(cutout::begin_item(fd));
  outcome.offset = ::lseek(fd, 0, SEEK_CUR);
  outcome.bytes = static_cast<std::int64_t>(product.size());
  RECORTE_TRY(write_all(fd, std::as_bytes(std::span(product.data(), product.size()))));
  return cutout::end_item(fd, outcome.offset - cutout::kItemHead, outcome);
}

std::string product_of(const Pack& pack, std::size_t item) {
  const auto slot = pack.slot(item);
  std::string out(static_cast<std::size_t>(slot.bytes), '\0');
  if (::pread(pack.file().value()->get(), out.data(), out.size(), slot.offset) != slot.bytes)
    throw std::runtime_error("a product ends early");
  return out;
}

}  // namespace recorte::batch::test
