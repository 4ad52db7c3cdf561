/// A FITS header as its cards, in order: what a product keeps of its parent. Values are read and
/// written by keyword; unknown and broken cards are carried untouched. (FITS Standard 4.0,
/// section 4.)
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace recorte::fits {

inline constexpr std::size_t kCardSize = 80;
inline constexpr std::int64_t kBlockSize = 2880;

/// The cards of a header, each exactly 80 characters. Borrows the text.
class Cards {
 public:
  using value_type = std::string_view;

  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = const std::string_view*;
    using reference = std::string_view;

    const_iterator() = default;
    explicit const_iterator(const char* at) : at_(at) {}
    std::string_view operator*() const { return {at_, kCardSize}; }
    const_iterator& operator++() {
      at_ += kCardSize;
      return *this;
    }
    const_iterator operator++(int) { return std::exchange(*this, const_iterator(at_ + kCardSize)); }
    bool operator==(const const_iterator&) const = default;

   private:
    const char* at_ = nullptr;
  };
  using iterator = const_iterator;

  explicit Cards(std::string_view text) : text_(text) {}
  std::size_t size() const { return text_.size() / kCardSize; }
  bool empty() const { return text_.empty(); }
  std::string_view operator[](std::size_t i) const {
    return text_.substr(i * kCardSize, kCardSize);
  }
  const_iterator begin() const { return const_iterator(text_.data()); }
  const_iterator end() const { return const_iterator(text_.data() + text_.size()); }

 private:
  std::string_view text_;
};

class Header {
 public:
  Header() = default;
  /// From 80-character cards end to end; END and what follows are dropped.
  static Header parse(std::string_view cards);

  /// Values by keyword (case-insensitive; "HIERARCH a b" by "A B"); nullopt when absent or of
  /// another kind. `text` unquotes strings, joins CONTINUE cards and strips trailing blanks; of
  /// other values it gives the bare text.
  std::optional<std::string> text(std::string_view keyword) const;
  std::optional<double> number(std::string_view keyword) const;
  std::optional<std::int64_t> integer(std::string_view keyword) const;
  bool has(std::string_view keyword) const;

  /// Replaces the first card of that keyword, keeping its place (and its comment, when `comment` is
  /// empty), or appends. Long text is written as CONTINUE cards; text outside printable ASCII is
  /// refused by replacing each such byte with '?'. Numbers are written so that they read back
  /// exactly.
  void set_text(std::string_view keyword, std::string_view value, std::string_view comment = "");
  void set_number(std::string_view keyword, double value, std::string_view comment = "");
  void set_integer(std::string_view keyword, std::int64_t value, std::string_view comment = "");
  void set_bool(std::string_view keyword, bool value, std::string_view comment = "");
  void add_comment(std::string_view keyword /* COMMENT or HISTORY */, std::string_view text);
  /// Every card of that keyword, its CONTINUE cards included.
  void erase(std::string_view keyword);

  Cards cards() const { return Cards(text_); }
  static std::string keyword_of(std::string_view card);
  /// The same of a card whose keyword is one of the standard's as it stands, as nearly all are; ""
  /// of others. Borrows the card.
  static std::string_view plain_keyword_of(std::string_view card);
  /// All cards end to end, no END.
  const std::string& joined() const { return text_; }
  /// Adds the cards of another header at the end.
  void append(const Header& other) { text_ += other.text_; }
  /// Adds one card, of 80 characters.
  void append(std::string_view card) { text_ += card; }

 private:
  std::string text_;
};

}  // namespace recorte::fits
