// SPDX-License-Identifier: BSD-3-Clause
#include "core/table/votable_fields.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace recorte::table {
namespace {

constexpr std::array<std::pair<std::string_view, BinaryKind>, 12> kTypes{
    {{"boolean", BinaryKind::kBool},
     {"bit", BinaryKind::kBit},
     {"unsignedByte", BinaryKind::kByte},
     {"short", BinaryKind::kShort},
     {"int", BinaryKind::kInt},
     {"long", BinaryKind::kLong},
     {"char", BinaryKind::kChar},
     {"unicodeChar", BinaryKind::kUnicode},
     {"float", BinaryKind::kFloat},
     {"double", BinaryKind::kDouble},
     {"floatComplex", BinaryKind::kFloatComplex},
     {"doubleComplex", BinaryKind::kDoubleComplex}}};
constexpr std::size_t kKept = 1 << 20;  // bytes of rows that were read

/// 0 to 63; -1 for blanks, -2 for '=', -3 for what is none.
int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  if (c == '=') return -2;
  return c == ' ' || (c >= '\t' && c <= '\r') ? -1 : -3;
}

}  // namespace

Result<VotableField> votable_field(const std::string& name, const std::string& datatype,
                                   const std::string& arraysize) {
  VotableField out;
  out.name = name;
  const auto type =
      std::ranges::find(kTypes, datatype, &std::pair<std::string_view, BinaryKind>::first);
  if (type == kTypes.end())
    return fail(ErrorCode::kUsage, "the field " + name + " has the datatype '" + datatype +
                                       "', which VOTable does not know");
  out.kind = type->second;
  for (auto part : split(arraysize, 'x')) {
    if (part.ends_with('*')) {
      out.variable = true;
      continue;
    }
    const auto count = to_int(part);
    if (!count || *count < 0 ||
        __builtin_mul_overflow(out.count, static_cast<std::uint64_t>(*count), &out.count) ||
        !binary_size(out.kind, out.count))
      return fail(ErrorCode::kUsage, "the field " + name + " has the arraysize '" + arraysize +
                                         "'; VOTable has such as 8, *, 8x2, 8*");
  }
  return out;
}

VotableStream::VotableStream(const std::string& source, const std::vector<VotableField>& fields,
                             bool with_nulls)
    : source_(source), fields_(fields), with_nulls_(with_nulls), values_(fields.size()) {
  for (const auto& field : fields) meanings_.push_back({.null = to_int(field.null)});
}

Status VotableStream::add(std::string_view base64,
                          const std::function<Status(std::vector<std::string>& values)>& row) {
  for (const char c : base64) {
    const int value = base64_value(c);
    if (value == -1) continue;
    if (value == -3 || (padded_ && value >= 0))
      return fail(ErrorCode::kUsage, source_ + ": its STREAM is no base64 text");
    padded_ = padded_ || value == -2;
    if (padded_) continue;
    bits_ = bits_ << 6 | static_cast<std::uint32_t>(value);
    characters_ = (characters_ + 1) % 4;
    // 6, 12, 18, 24 bits: with each character after the first there is one more byte.
    if (characters_ != 1)
      bytes_ += static_cast<char>(bits_ >> (characters_ == 2 ? 4 : characters_ == 3 ? 2 : 0));
  }
  while (next_row()) RECORTE_TRY(row(values_));
  if (at_ > kKept) {
    bytes_.erase(0, at_);
    at_ = 0;
  }
  return {};
}

bool VotableStream::next_row() {
  const auto left = std::string_view(bytes_).substr(at_);
  if (left.empty() || left.size() < need_) return false;
  std::size_t at = with_nulls_ ? (fields_.size() + 7) / 8 : 0;
  const auto has = [&](std::size_t more) {
    need_ = at + more;
    return left.size() >= need_;
  };
  if (!has(0)) return false;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto& field = fields_[i];
    auto count = field.count;
    if (field.variable) {
      if (!has(4)) return false;
      count = big_endian(left, at, 4);
      at += 4;
    }
    const auto size = *binary_size(field.kind, count);  // 32 bits are within reason
    if (!has(size)) return false;
    const bool null =
        with_nulls_ && (static_cast<unsigned char>(left[i / 8]) >> (7 - i % 8) & 1) != 0;
    values_[i] = null ? "" : binary_text(field.kind, count, left.substr(at, size), meanings_[i]);
    at += size;
  }
  if (at == 0) return false;  // a row of nothing, of which there is no end
  at_ += at;
  need_ = 1;
  return true;
}

Status VotableStream::end() const {
  if (at_ == bytes_.size()) return {};
  return fail(ErrorCode::kUsage, source_ + ": its STREAM ends inside a row; the file is cut off");
}

}  // namespace recorte::table
