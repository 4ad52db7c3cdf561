// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/legal.hpp"

#include "core/base/text.hpp"
#include "core/fits/card.hpp"

#include <algorithm>

namespace recorte::fits {
namespace {

constexpr std::size_t kName = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool good_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_';
  });
}

/// The part of `text` after digits, of which it notes whether there were any.
std::string_view after_digits(std::string_view text, bool& any) {
  while (!text.empty() && is_digit(text.front())) {
    any = true;
    text.remove_prefix(1);
  }
  return text;
}

/// "-1.5E+03": exponents in upper case.
bool is_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  bool mantissa = false;
  text = after_digits(text, mantissa);
  if (text.starts_with('.')) text = after_digits(text.substr(1), mantissa);
  if (!mantissa || text.empty()) return mantissa;
  if (text.front() != 'E' && text.front() != 'D') return false;
  text.remove_prefix(1);
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  bool exponent = false;
  return after_digits(text, exponent).empty() && exponent;
}

bool is_complex(std::string_view text) {
  const auto comma = text.find(',');
  return text.starts_with('(') && text.ends_with(')') && comma != text.npos &&
         is_number(trim(text.substr(1, comma - 1))) &&
         is_number(trim(text.substr(comma + 1, text.size() - comma - 2)));
}

std::string as_comment(std::string_view card) {
  std::string out = "COMMENT " + std::string(card.substr(0, kCardSize - kName));
  out.resize(kCardSize, ' ');
  return out;
}

/// Whether the field of a quoted value ends as it should: with the quote, blanks and a comment.
bool ends_well(std::string_view field) {
  for (std::size_t i = field.find('\'') + 1; i < field.size(); ++i)
    if (field[i] == '\'' && ++i < field.size() && field[i] != '\'')
      return std::string_view(" /").find(field[i]) != std::string_view::npos &&
             (trim(field.substr(i)).empty() || trim(field.substr(i)).starts_with('/'));
  return field.ends_with('\'');
}

/// The legal cards for one with a good name and "= ".
std::string with_value(const std::string& card, const std::string& name) {
  const auto field = trim(std::string_view(card).substr(kName + 2));
  const auto value = card_value(card);
  switch (value.kind) {
    case CardValue::Kind::kText:
      if (ends_well(field)) return card;
      return text_cards(name, value.text, "");
    case CardValue::Kind::kBare:
      if (value.text == "T" || value.text == "F" || is_number(value.text) || is_complex(value.text))
        return card;
      if (is_number(upper(value.text)) || is_complex(upper(value.text)))
        return bare_cards(name, upper(value.text), value.comment);
      return text_cards(name, value.text, value.comment);
    default:
      if (field.empty() || field.starts_with('/')) return card;
      return text_cards(name, field.substr(1), "");  // the closing quote is missing
  }
}

std::string legal_cards(std::string card) {
  card = printable(card);
  const auto start = card.substr(0, kName);
  if (start == "COMMENT " || start == "HISTORY " || trim(start).empty()) return card;
  if (start == "HIERARCH" && card.find('=') != card.npos) return card;
  const auto name = upper(start.substr(0, start.find_last_not_of(' ') + 1));
  if (!good_name(name) || card[kName] != '=') return as_comment(card);
  std::ranges::copy(name, card.begin());
  if (card[kName + 1] != ' ') card.insert(kName + 1, " ");
  card.resize(kCardSize, ' ');
  return with_value(card, name);
}

/// Whether the card's text goes on in the next one.
bool goes_on(std::string_view card) {
  const auto value = card_value(card);
  return value.kind == CardValue::Kind::kText && trim(value.text).ends_with('&');
}

}  // namespace

Header legal(const Header& header) {
  std::string out;
  for (const auto card : header.cards()) {
    const auto last = std::string_view(out).substr(out.size() - std::min(out.size(), kCardSize));
    const bool continues =
        is_continue(card) && goes_on(last) && card_value(card).kind == CardValue::Kind::kText;
    out += continues ? printable(card) : legal_cards(std::string(card));
  }
  return Header::parse(out);
}

}  // namespace recorte::fits
