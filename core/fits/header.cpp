// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/header.hpp"

#include "core/base/text.hpp"
#include "core/fits/card.hpp"

#include <algorithm>
#include <span>

namespace recorte::fits {
namespace {

using Cards = std::vector<std::string>;

std::size_t find(const Cards& cards, std::string_view keyword, std::size_t from = 0) {
  const auto name = normal_keyword(keyword);
  while (from < cards.size() && !card_is(cards[from], name)) ++from;
  return from;
}

// The card at `at` with the CONTINUE cards that belong to it.
std::span<const std::string> group(const Cards& cards, std::size_t at) {
  auto end = at + 1;
  while (end < cards.size() && is_continue(cards[end])) ++end;
  return std::span(cards).subspan(at, end - at);
}

CardValue value_of(const Cards& cards, std::string_view keyword) {
  const auto at = find(cards, keyword);
  return at < cards.size() ? joined_value(group(cards, at)) : CardValue{};
}

// `make(keyword, comment)` gives the cards that replace those of `keyword`, or are appended.
template <class Make>
void put(Cards& cards, std::string_view keyword, std::string_view comment, const Make& make) {
  const auto name = normal_keyword(keyword);
  const auto at = find(cards, name);
  if (at == cards.size()) {
    std::ranges::move(make(name, std::string(comment)), std::back_inserter(cards));
    return;
  }
  const auto old = group(cards, at);
  const auto made = make(name, comment.empty() ? joined_value(old).comment : std::string(comment));
  const auto place = cards.begin() + static_cast<std::ptrdiff_t>(at);
  const auto next = cards.erase(place, place + static_cast<std::ptrdiff_t>(old.size()));
  cards.insert(next, made.begin(), made.end());
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
  header.cards_.reserve(cards.size() / kCardSize);
  for (; !cards.empty(); cards.remove_prefix(std::min(kCardSize, cards.size()))) {
    std::string card(cards.substr(0, kCardSize));
    card.resize(kCardSize, ' ');
    if (card.starts_with("END     ") && trim(card) == "END") break;
    header.cards_.push_back(std::move(card));
  }
  return header;
}

std::optional<std::string> Header::text(std::string_view keyword) const {
  auto value = value_of(cards_, keyword);
  if (value.kind == CardValue::Kind::kNone) return std::nullopt;
  value.text.resize(value.text.find_last_not_of(' ') + 1);
  return std::move(value.text);
}

std::optional<double> Header::number(std::string_view keyword) const {
  const auto value = value_of(cards_, keyword);
  if (value.kind != CardValue::Kind::kBare) return std::nullopt;
  if (value.text.find_first_not_of("0123456789+-.EeDd") != std::string::npos) return std::nullopt;
  return to_double(plain_number(value.text));
}

std::optional<std::int64_t> Header::integer(std::string_view keyword) const {
  const auto value = value_of(cards_, keyword);
  if (value.kind != CardValue::Kind::kBare) return std::nullopt;
  return to_int(plain_number(value.text));
}

bool Header::has(std::string_view keyword) const { return find(cards_, keyword) < cards_.size(); }

void Header::set_text(std::string_view keyword, std::string_view value, std::string_view comment) {
  put(cards_, keyword, comment, [&](const std::string& name, const std::string& remark) {
    return text_cards(name, value, remark);
  });
}

void Header::set_number(std::string_view keyword, double value, std::string_view comment) {
  put(cards_, keyword, comment, [&](const std::string& name, const std::string& remark) {
    return bare_cards(name, fits_number_text(value), remark);
  });
}

void Header::set_integer(std::string_view keyword, std::int64_t value, std::string_view comment) {
  put(cards_, keyword, comment, [&](const std::string& name, const std::string& remark) {
    return bare_cards(name, std::to_string(value), remark);
  });
}

void Header::set_bool(std::string_view keyword, bool value, std::string_view comment) {
  put(cards_, keyword, comment, [&](const std::string& name, const std::string& remark) {
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
    cards_.push_back(std::move(card));
    rest.erase(0, length + skip);
  } while (!rest.empty());
}

void Header::erase(std::string_view keyword) {
  const auto name = normal_keyword(keyword);
  for (auto at = find(cards_, name); at < cards_.size(); at = find(cards_, name, at)) {
    const auto place = cards_.begin() + static_cast<std::ptrdiff_t>(at);
    cards_.erase(place, place + static_cast<std::ptrdiff_t>(group(cards_, at).size()));
  }
}

std::string Header::keyword_of(std::string_view card) {
  if (card.starts_with("HIERARCH ") && card.find('=') != card.npos)
    return normal_keyword(card.substr(0, card.find('=')));
  return upper(trim(card.substr(0, 8)));
}

std::string Header::joined() const {
  std::string out;
  out.reserve(cards_.size() * kCardSize);
  for (const auto& card : cards_) out += card;
  return out;
}

}  // namespace recorte::fits
