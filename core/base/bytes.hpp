/// Numbers and texts one after another in a string, little-endian: what processes of one program
/// say to each other. No state, no alignment.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace recorte {

static_assert(std::endian::native == std::endian::little);

class ByteWriter {
 public:
  template <class Number>
  void add(Number value) {
    static_assert(std::is_arithmetic_v<Number> || std::is_enum_v<Number>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    out_ += text;
  }
  void add(const std::string& text) { add(std::string_view(text)); }
  void add(const char* text) { add(std::string_view(text)); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Reads what a ByteWriter wrote. Past the end everything reads as zero and empty, and good() is
/// false from then on: a message need only be judged once, at its end. Borrows the bytes.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  template <class Number>
  Number get() {
    static_assert(std::is_arithmetic_v<Number> || std::is_enum_v<Number>);
    Number value{};
    const auto bytes = take(sizeof value);
    if (good_) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::string text() { return std::string(take(get<std::uint64_t>())); }
  /// A number of things of at least `least` bytes each; 0 where there cannot be so many.
  std::uint64_t count(std::uint64_t least) {
    const auto n = get<std::uint64_t>();
    if (n <= left_.size() / least) return n;
    good_ = false;
    return 0;
  }
  std::string_view rest() const { return left_; }
  bool good() const { return good_; }
  /// Whether all was read, and nothing was missing.
  bool done() const { return good_ && left_.empty(); }

 private:
  std::string_view take(std::uint64_t size) {
    good_ = good_ && size <= left_.size();
    if (!good_) return {};
    const auto out = left_.substr(0, size);
    left_.remove_prefix(size);
    return out;
  }
  std::string_view left_;
  bool good_ = true;
};

}  // namespace recorte
