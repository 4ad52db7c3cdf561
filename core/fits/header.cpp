// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/header.hpp"

#include "core/base/text.hpp"
#include "core/fits/card.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace recorte::fits {
namespace {

/// Where the card of a keyword begins; the end of the text where there is none.
std::size_t place_of(std::string_view text, std::string_view keyword, std::size_t from = 0) {
  if (keyword.empty() || !is_standard(keyword)) {
    const auto name = normal_keyword(keyword);
    while (from < text.size() && !card_is(text.substr(from, kCardSize), name)) from += kCardSize;
    return from;
  }
  // Nearly all cards are as the standard wants them: 8 characters are compared at once.
  std::array<char, 8> padded{};
  padded.fill(' ');
  std::ranges::copy(keyword, padded.begin());
  const auto word = [](const char* bytes) {
    std::uint64_t out = 0;
    std::memcpy(&out, bytes, sizeof out);
    return out;
  };
  const auto wanted = word(padded.data()), hierarch = word("HIERARCH");
  constexpr std::uint64_t kCase = 0x2020202020202020;  // the bits that tell a from A
  for (; from < text.size(); from += kCardSize) {
    const char* card = text.data() + from;
    const auto name = word(card), other = name ^ wanted;
    if (other == 0) return from;
    const bool odd = (other & ~kCase) == 0 || card[0] == ' ' || name == hierarch;
    if (odd && card_is({card, kCardSize}, keyword)) return from;
  }
  return from;
}

// The card at `at` with the CONTINUE cards that belong to it.
Cards group(std::string_view text, std::size_t at) {
  auto end = at + kCardSize;
  while (end < text.size() && is_continue(text.substr(end, kCardSize))) end += kCardSize;
  return Cards(text.substr(at, end - at));
}

CardValue value_of(std::string_view text, std::string_view keyword) {
  const auto at = place_of(text, keyword);
  return at < text.size() ? joined_value(group(text, at)) : CardValue{};
}

// `make(keyword, comment)` gives the cards that replace those of `keyword`, or are appended.
template <class Make>
void put(std::string& text, std::string_view keyword, std::string_view comment, const Make& make) {
  const auto name = normal_keyword(keyword);
  const auto at = place_of(text, name);
  if (at == text.size()) {
    text += make(name, std::string(comment));
    return;
  }
  const auto old = group(text, at);
  const auto made = make(name, comment.empty() ? joined_value(old).comment : std::string(comment));
  text.replace(at, old.size() * kCardSize, made);
}

// Fortran's "1.5D+03" and "+1.5", which from_chars does not know.
std::string plain_number(std::string text) {
  if (text.starts_with('+')) text.erase(0, 1);
  std::ranges::replace_if(
      text, [](char c) { return c == 'D' || c == 'd'; }, 'E');
  return text;
}

}  // namespace

Header Header::parse(std::string_view cards) {
  Header header;
  header.text_.reserve((cards.size() + kCardSize - 1) / kCardSize * kCardSize);
  for (; !cards.empty(); cards.remove_prefix(std::min(kCardSize, cards.size()))) {
    const auto card = cards.substr(0, kCardSize);
    if (card.starts_with("END") && trim(card) == "END") break;
    header.text_ += card;
    header.text_.append(kCardSize - card.size(), ' ');
  }
  return header;
}

std::optional<std::string> Header::text(std::string_view keyword) const {
  auto value = value_of(text_, keyword);
  if (value.kind == CardValue::Kind::kNone) return std::nullopt;
  value.text.resize(value.text.find_last_not_of(' ') + 1);
  return std::move(value.text);
}

std::optional<double> Header::number(std::string_view keyword) const {
  const auto value = value_of(text_, keyword);
  if (value.kind != CardValue::Kind::kBare) return std::nullopt;
  if (value.text.find_first_not_of("0123456789+-.EeDd") != std::string::npos) return std::nullopt;
  return to_double(plain_number(value.text));
}

std::optional<std::int64_t> Header::integer(std::string_view keyword) const {
  const auto value = value_of(text_, keyword);
  if (value.kind != CardValue::Kind::kBare) return std::nullopt;
  return to_int(plain_number(value.text));
}

bool Header::has(std::string_view keyword) const { return place_of(text_, keyword) < text_.size(); }

void Header::set_text(std::string_view keyword, std::string_view value, std::string_view comment) {
  put(text_, keyword, comment, [&](const std::string& name, const std::string& remark) {
    return text_cards(name, value, remark);
  });
}

void Header::set_number(std::string_view keyword, double value, std::string_view comment) {
  put(text_, keyword, comment, [&](const std::string& name, const std::string& remark) {
    return bare_cards(name, fits_number_text(value), remark);
  });
}

void Header::set_integer(std::string_view keyword, std::int64_t value, std::string_view comment) {
  put(text_, keyword, comment, [&](const std::string& name, const std::string& remark) {
    return bare_cards(name, std::to_string(value), remark);
  });
}

void Header::set_bool(std::string_view keyword, bool value, std::string_view comment) {
  put(text_, keyword, comment, [&](const std::string& name, const std::string& remark) {
    return bare_cards(name, value ? "T" : "F", remark);
  });
}

void Header::add_comment(std::string_view keyword, std::string_view text) {
  constexpr std::size_t room = kCardSize - 8;
  std::string head = normal_keyword(keyword);
  head.resize(8, ' ');
  std::string rest(text);
  do {
    auto length = std::min(rest.find('\n'), rest.size());
    bool skip = length < rest.size();  // the separator itself goes
    if (length > room) {
      const auto blank = rest.rfind(' ', room);
      skip = blank != rest.npos && blank > 0;
      length = skip ? blank : room;
    }
    auto card = head + printable(std::string_view(rest).substr(0, length));
    card.resize(kCardSize, ' ');
    text_ += card;
    rest.erase(0, length + skip);
  } while (!rest.empty());
}

void Header::erase(std::string_view keyword) {
  const auto name = normal_keyword(keyword);
  for (auto at = place_of(text_, name); at < text_.size(); at = place_of(text_, name, at))
    text_.erase(at, group(text_, at).size() * kCardSize);
}

std::string_view Header::plain_keyword_of(std::string_view card) {
  std::size_t size = 8;
  while (size > 0 && card[size - 1] == ' ') --size;
  const auto keyword = card.substr(0, size);
  return is_standard(keyword) && !card.starts_with("HIERARCH") ? keyword : std::string_view();
}

std::string Header::keyword_of(std::string_view card) {
  if (card.starts_with("HIERARCH ") && card.find('=') != card.npos)
    return normal_keyword(card.substr(0, card.find('=')));
  return upper(trim(card.substr(0, 8)));
}

}  // namespace recorte::fits
