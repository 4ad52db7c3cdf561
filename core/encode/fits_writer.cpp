// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/fits_writer.hpp"

#include "core/base/io.hpp"
#include "core/encode/checksum.hpp"
#include "core/fits/card.hpp"
#include "core/fits/file.hpp"
#include "core/fits/pixels.hpp"
#include "core/fits/reserved.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace recorte::encode {
namespace {

constexpr std::int64_t kBuffer = 1 << 18;
constexpr std::int64_t kWhole = 1 << 20;  // data up to this are written at once, with their header
constexpr std::string_view kZeros = "0000000000000000";

tl::unexpected<Error> misuse(const std::string& what) {
  return fail(ErrorCode::kInternal, "FitsWriter: " + what);
}

std::int64_t padded(std::int64_t size) {
  return (size + fits::kBlockSize - 1) / fits::kBlockSize * fits::kBlockSize;
}

std::int64_t header_size(const fits::Header& header) {
  return padded(static_cast<std::int64_t>((header.cards().size() + 1) * fits::kCardSize));
}

fits::Header layout_cards(bool primary, int bitpix, const std::vector<std::int64_t>& axes) {
  fits::Header header;
  if (primary)
    header.set_bool("SIMPLE", true, "conforms to FITS standard");
  else
    header.set_text("XTENSION", "IMAGE", "image extension");
  header.set_integer("BITPIX", bitpix, "bits per pixel, negative for floats");
  header.set_integer("NAXIS", std::ssize(axes), "number of axes");
  for (std::size_t i = 0; i < axes.size(); ++i)
    header.set_integer("NAXIS" + std::to_string(i + 1), axes[i]);
  if (primary) {
    header.set_bool("EXTEND", true, "extensions may follow");
  } else {
    header.set_integer("PCOUNT", 0);
    header.set_integer("GCOUNT", 1);
  }
  return header;
}

// The value of `keyword` in `from`, whose first card is `card`; its comment, if it has one.
bool copy_value(const fits::Header& from, const std::string& keyword, const fits::CardValue& card,
                fits::Header& to) {
  if (card.kind == fits::CardValue::Kind::kText)
    to.set_text(keyword, *from.text(keyword), card.comment);
  else if (const auto whole = from.integer(keyword))
    to.set_integer(keyword, *whole, card.comment);
  else if (const auto number = from.number(keyword))
    to.set_number(keyword, *number, card.comment);
  else if (card.text == "T" || card.text == "F")
    to.set_bool(keyword, card.text == "T", card.comment);
  else
    return false;
  return true;
}

}  // namespace

struct FitsWriter::Impl {
  int fd = -1;
  std::int64_t offset = 0;  ///< of the file in the descriptor
  std::int64_t begin = 0;   // of the HDU at hand, or where the next one goes
  bool open = false;
  fits::Header header;
  int bitpix = 8;
  std::int64_t width = 0, height = 0, planes = 0;
  std::int64_t missing = 0;   // rows
  std::vector<bool> written;  // rows, plane after plane
  std::uint32_t data_sum = 0;
  std::unique_ptr<std::byte[]> buffer;  // of kBuffer; or of all data and what fills their block
  bool whole = false;

  std::int64_t row_size() const { return width * fits::bytes_of(bitpix); }
  std::int64_t data_size() const { return row_size() * height * planes; }
  std::int64_t data_begin() const { return begin + header_size(header); }

  // Rows that begin at byte `at` of the data; gathers narrow ones.
  Status put_rows(const std::byte* pixels, std::int64_t rows, std::int64_t row_bytes,
                  std::int64_t at);
  // What is missing of the file: padding, checksums, header.
  Status finish();
};

Status FitsWriter::Impl::put_rows(const std::byte* pixels, std::int64_t rows,
                                  std::int64_t row_bytes, std::int64_t at) {
  const auto size = fits::bytes_of(bitpix);
  if (whole) {
    for (std::int64_t row = 0; row < rows; ++row, at += width * size)
      fits::swap_bytes(bitpix, pixels + row * row_bytes, buffer.get() + at, width);
    return {};
  }
  std::int64_t filled = 0;
  const auto flush = [&]() -> Status {
    const std::span<const std::byte> bytes(buffer.get(), static_cast<std::size_t>(filled));
    data_sum = ones_complement_add(data_sum, ones_complement_sum(bytes, at));
    RECORTE_TRY(pwrite_all(fd, bytes, data_begin() + at));
    at += filled;
    filled = 0;
    return {};
  };
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto* from = pixels + row * row_bytes;
    for (std::int64_t left = width; left > 0;) {
      const auto count = std::min(left, (kBuffer - filled) / size);
      fits::swap_bytes(bitpix, from, buffer.get() + filled, count);
      from += count * size;
      filled += count * size;
      left -= count;
      if (filled + size > kBuffer) RECORTE_TRY(flush());
    }
  }
  return flush();
}

Status FitsWriter::Impl::finish() {
  const auto size = data_size();
  std::span<const std::byte> rest;  // that is not written yet
  std::vector<std::byte> padding;
  if (whole) {
    rest = {buffer.get(), static_cast<std::size_t>(padded(size))};
    std::fill(buffer.get() + size, buffer.get() + padded(size), std::byte{0});
    data_sum = ones_complement_sum(rest, 0);
  } else {
    padding.resize(static_cast<std::size_t>(padded(size) - size));
    RECORTE_TRY(pwrite_all(fd, padding, data_begin() + size));
  }
  header.set_text("DATASUM", std::to_string(data_sum));
  const auto text = [&] {
    auto out = header.joined() + "END";
    out.resize(static_cast<std::size_t>(header_size(header)), ' ');
    return out;
  };
  const auto bytes_of = [](const std::string& s) { return std::as_bytes(std::span(s)); };
  const auto sum = ones_complement_add(data_sum, ones_complement_sum(bytes_of(text()), 0));
  header.set_text("CHECKSUM", checksum_text(sum));
  return pwrite_all(fd, bytes_of(text()), rest, begin);
}

FitsWriter::FitsWriter(int fd, std::int64_t offset) : impl_(std::make_unique<Impl>()) {
  impl_->fd = fd;
  impl_->begin = offset;
  impl_->offset = offset;
}
FitsWriter::~FitsWriter() = default;

Status FitsWriter::begin(const fits::Header& extra, int bitpix,
                         const std::vector<std::int64_t>& axes) {
  auto& w = *impl_;
  if (w.open) return misuse("begin() before the HDU at hand has ended");
  constexpr std::array good{8, 16, 32, 64, -32, -64};
  if (std::ranges::find(good, bitpix) == good.end())
    return misuse("BITPIX cannot be " + std::to_string(bitpix));
  std::int64_t size = fits::bytes_of(bitpix);
  for (const auto n : axes)
    if (n < 0 || __builtin_mul_overflow(size, n, &size))
      return misuse("an axis cannot have " + std::to_string(n) + " pixels");
  auto header = layout_cards(w.begin == w.offset, bitpix, axes);
  header.append(fits::without(extra, fits::is_structural));
  header.set_text("CHECKSUM", kZeros, "of the HDU");
  header.set_text("DATASUM", "0", "of the data");
  w.header = std::move(header);
  w.bitpix = bitpix;
  w.width = axes.empty() ? 0 : axes[0];
  w.height = axes.empty() ? 0 : axes.size() == 1 ? 1 : axes[1];
  w.planes = axes.empty() ? 0 : 1;
  for (std::size_t i = 2; i < axes.size(); ++i) w.planes *= axes[i];
  if (w.width == 0) w.height = 0;
  w.missing = w.height * w.planes;
  w.written.assign(static_cast<std::size_t>(w.missing), false);
  w.data_sum = 0;
  w.whole = padded(w.data_size()) <= kWhole;
  const auto room = w.whole ? padded(w.data_size()) : kBuffer;
  w.buffer = std::make_unique_for_overwrite<std::byte[]>(static_cast<std::size_t>(room));
  w.open = true;
  return {};
}

Status FitsWriter::rows(std::int64_t plane, std::int64_t y, std::int64_t rows, const void* pixels,
                        std::int64_t row_bytes) {
  auto& w = *impl_;
  if (!w.open || plane < 0 || plane >= w.planes || y < 0 || rows < 0 || rows > w.height - y)
    return misuse("rows " + std::to_string(y) + " to " + std::to_string(y + rows - 1) +
                  " of plane " + std::to_string(plane) + " are outside the image");
  const auto first = plane * w.height + y;
  for (auto row = first; row < first + rows; ++row) {
    if (w.written[static_cast<std::size_t>(row)])
      return misuse("row " + std::to_string(row - plane * w.height) + " of plane " +
                    std::to_string(plane) + " comes twice");
  }
  RECORTE_TRY(
      w.put_rows(static_cast<const std::byte*>(pixels), rows, row_bytes, first * w.row_size()));
  std::fill_n(w.written.begin() + first, rows, true);
  w.missing -= rows;
  return {};
}

Status FitsWriter::amend(const fits::Header& extra) {
  auto& w = *impl_;
  if (!w.open) return misuse("amend() outside an HDU");
  auto header = w.header;
  for (const auto card : extra.cards()) {
    if (fits::is_continue(card)) continue;
    const auto keyword = fits::Header::keyword_of(card);
    if (fits::is_structural(keyword) || !header.has(keyword) ||
        !copy_value(extra, keyword, fits::card_value(card), header))
      return misuse("'" + keyword + "' cannot be amended: the header has no place for it");
  }
  if (header_size(header) != header_size(w.header))
    return misuse("the amended cards do not fit the header: write a shorter text");
  w.header = std::move(header);
  return {};
}

Status FitsWriter::end() {
  auto& w = *impl_;
  if (!w.open) return misuse("end() outside an HDU");
  if (w.missing > 0)
    return misuse(std::to_string(w.missing) + " of " + std::to_string(w.written.size()) +
                  " rows are missing");
  RECORTE_TRY(w.finish());
  w.begin = w.data_begin() + padded(w.data_size());
  w.open = false;
  w.buffer.reset();
  return {};
}

std::int64_t FitsWriter::size() const {
  const auto& w = *impl_;
  if (!w.open) return w.begin - w.offset;
  return w.data_begin() - w.offset + (std::ssize(w.written) - w.missing) * w.row_size();
}

}  // namespace recorte::encode
