// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/hcompress.hpp"

#include "core/fits/bits.hpp"
#include "core/fits/htransform.hpp"
#include "core/fits/wrapping.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace recorte::fits {
namespace {

constexpr std::size_t kHeader = 25;  // magic, rows, columns, scale, sum, planes of the quadrants
constexpr int kMaxPlanes = 62;
constexpr std::uint32_t kDirect = 0, kCoded = 15;  // how a bit plane is written

tl::unexpected<Error> broken(const char* how) {
  return fail(ErrorCode::kData, std::string("its HCOMPRESS data ") + how);
}

/// Which of the four quarters of a square have bits, as a Huffman code: 8 top left, 4 top right,
/// 2 bottom left, 1 bottom right.
std::uint8_t quarters(BitReader& bits) {
  static constexpr std::array<std::uint8_t, 5> kFour{3, 5, 10, 12, 15}, kFive{6, 7, 9, 11, 13};
  auto code = bits.get(3);
  if (code < 4) return static_cast<std::uint8_t>(1U << code);
  code = code << 1 | bits.get(1);
  if (code < 13) return kFour[code - 8];
  code = code << 1 | bits.get(1);
  if (code < 31) return kFive[code - 26];
  return bits.get(1) != 0 ? 14 : 0;
}

/// A quadrant of the coefficients: rows x columns of them from `corner` on, `width` from row to
/// row.
struct Quadrant {
  std::int64_t corner, width, rows, columns;
};

std::int64_t halved(std::int64_t n, int times) {
  for (; times > 0; --times) n = (n + 1) / 2;
  return n;
}

class Quadtree {
 public:
  Quadtree(BitReader& bits, std::vector<std::int64_t>& a, const Quadrant& quadrant)
      : bits_(bits), a_(a), q_(quadrant) {
    const auto longest =
        static_cast<std::uint64_t>(std::max({q_.rows, q_.columns, std::int64_t{1}}));
    levels_ = static_cast<int>(std::bit_width(longest - 1));
  }

  /// Reads the planes, the highest first; false where one is written in no known way.
  bool read(int planes) {
    for (int plane = planes - 1; plane >= 0 && !bits_.overrun(); --plane) {
      const auto how = bits_.get(4);
      if (how != kDirect && how != kCoded) return bits_.overrun();
      if (how == kDirect)
        read_direct();
      else
        read_coded();
      insert(plane);
    }
    return true;
  }

 private:
  std::size_t squares(int level) const {
    return static_cast<std::size_t>(halved(q_.rows, level) * halved(q_.columns, level));
  }

  void read_direct() {
    codes_.resize(squares(1));
    for (auto& code : codes_) code = static_cast<std::uint8_t>(bits_.get(4));
  }

  void read_coded() {
    codes_.assign(1, quarters(bits_));
    for (int level = levels_ - 1; level >= 1 && !bits_.overrun(); --level) expand(level);
    codes_.resize(squares(1));
  }

  /// From the squares of one level to the four times as many of the next: those that have bits get
  /// codes of their own, from the last to the first.
  void expand(int level) {
    const auto rows = halved(q_.rows, level);
    const auto columns = halved(q_.columns, level);
    finer_.assign(static_cast<std::size_t>(rows * columns), 0);
    for (std::int64_t y = 0; y < rows; ++y)
      for (std::int64_t x = 0; x < columns; ++x)
        finer_[static_cast<std::size_t>(y * columns + x)] = has_bit(y, x, columns);
    for (std::size_t i = finer_.size(); i-- > 0;)
      if (finer_[i] != 0) finer_[i] = quarters(bits_);
    codes_.swap(finer_);
  }

  /// Whether the square above (y, x) of a field with `columns` says that it has bits.
  std::uint8_t has_bit(std::int64_t y, std::int64_t x, std::int64_t columns) const {
    const auto code = codes_[static_cast<std::size_t>(y / 2 * ((columns + 1) / 2) + x / 2)];
    return code >> (3 - (2 * (y % 2) + x % 2)) & 1;
  }

  void insert(int plane) {
    for (std::int64_t y = 0; y < q_.rows; ++y)
      for (std::int64_t x = 0; x < q_.columns; ++x)
        a_[static_cast<std::size_t>(q_.corner + y * q_.width + x)] |=
            std::int64_t{has_bit(y, x, q_.columns)} << plane;
  }

  BitReader& bits_;
  std::vector<std::int64_t>& a_;
  Quadrant q_;
  int levels_ = 0;
  std::vector<std::uint8_t> codes_, finer_;
};

std::int64_t number(std::span<const std::uint8_t> bytes) {
  std::uint64_t out = 0;
  for (const auto byte : bytes) out = out << 8 | byte;
  return static_cast<std::int64_t>(out);
}

}  // namespace

Result<std::vector<std::int64_t>> unpack_hcompress(std::span<const std::uint8_t> bytes,
                                                   std::int64_t pixels, bool smooth) {
  if (bytes.size() < kHeader) return broken("end early");
  if (number(bytes.first(2)) != 0xdd99) return broken("do not begin as such");
  const auto rows = number(bytes.subspan(2, 4));
  const auto columns = number(bytes.subspan(6, 4));
  const auto scale = static_cast<std::int32_t>(number(bytes.subspan(10, 4)));
  if (rows < 1 || columns < 1 || rows > pixels || columns != pixels / rows || pixels % rows != 0)
    return broken("are of a tile of another size");
  const auto planes = bytes.subspan(22, 3);
  if (std::ranges::any_of(planes, [](int n) { return n > kMaxPlanes; }))
    return broken("have too many bit planes");

  std::vector<std::int64_t> a(static_cast<std::size_t>(pixels));
  BitReader bits(bytes.subspan(kHeader));
  const auto top = (rows + 1) / 2;
  const auto left = (columns + 1) / 2;
  const std::array<Quadrant, 4> quadrants{
      Quadrant{0, columns, top, left},
      {left, columns, top, columns - left},
      {top * columns, columns, rows - top, left},
      {top * columns + left, columns, rows - top, columns - left}};
  for (std::size_t i = 0; i < 4; ++i)
    if (!Quadtree(bits, a, quadrants[i]).read(planes[(i + 1) / 2])) return broken("are damaged");
  if (bits.get(4) != 0) return broken("are damaged");
  bits.align();
  for (auto& v : a)
    if (v != 0 && bits.get(1) != 0) v = -v;
  if (bits.overrun()) return broken("end early");

  a[0] = number(bytes.subspan(14, 8));
  if (scale > 1)
    for (auto& v : a) v = (Wrapping(v) * scale).value;
  invert_htransform(a, rows, columns, smooth, scale);
  return a;
}

}  // namespace recorte::fits
