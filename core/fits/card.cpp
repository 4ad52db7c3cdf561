// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/card.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::fits {
namespace {

constexpr std::string_view kHierarch = "HIERARCH";
constexpr std::size_t kValueColumn = 10;
constexpr std::size_t kLongestName = 40;  // of HIERARCH, so that any number still fits
constexpr std::size_t kFixedEnd = 30;     // fixed-format numbers end here, comments follow

char up(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_hierarch(std::string_view card) {
  return card.starts_with("HIERARCH ") && card.find('=') != card.npos;
}

// Where the value field begins; npos where the card has none.
std::size_t value_begin(std::string_view card) {
  if (is_continue(card)) return kValueColumn;
  if (is_hierarch(card)) return card.find('=') + 1;
  return card.size() > kValueColumn && card.substr(8, 2) == "= " ? kValueColumn : card.npos;
}

void put_comment(CardValue& value, std::string_view rest) {
  rest = trim(rest);
  if (rest.starts_with('/')) value.comment = trim(rest.substr(1));
}

std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out;
}

std::string prefix(std::string_view keyword) {
  const bool standard = is_standard(keyword);
  auto out =
      standard ? std::string(keyword) : "HIERARCH " + std::string(keyword.substr(0, kLongestName));
  if (standard) out.resize(8, ' ');
  return out + (standard ? "= " : " = ");
}

std::string finished(std::string card, std::string_view comment) {
  if (!comment.empty() && card.size() + 3 < kCardSize) {
    if (card.size() < kFixedEnd) card.resize(kFixedEnd, ' ');
    card += " / " + printable(comment);
  }
  card.resize(kCardSize, ' ');
  return card;
}

}  // namespace

bool is_standard(std::string_view keyword) {
  return keyword.size() <= 8 && std::ranges::all_of(keyword, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

std::string normal_keyword(std::string_view keyword) {
  if (is_standard(keyword)) return std::string(keyword);
  auto words = split_blanks(upper(keyword));
  if (words.size() > 1 && words.front() == kHierarch) words.erase(words.begin());
  return join(words, " ");
}

bool card_is(std::string_view card, std::string_view keyword) {
  if (is_hierarch(card))
    return normal_keyword(card.substr(kHierarch.size(), card.find('=') - kHierarch.size())) ==
           keyword;
  const auto name = trim(card.substr(0, 8));
  return std::ranges::equal(name, keyword, [](char a, char b) { return up(a) == b; });
}

bool is_continue(std::string_view card) { return card.starts_with("CONTINUE  "); }

CardValue card_value(std::string_view card) {
  CardValue value;
  const auto begin = value_begin(card);
  if (begin == card.npos) return value;
  auto field = card.substr(begin);
  field.remove_prefix(std::min(field.find_first_not_of(' '), field.size()));
  if (!field.starts_with('\'')) {
    const auto slash = std::min(field.find('/'), field.size());
    value.text = trim(field.substr(0, slash));
    if (!value.text.empty()) value.kind = CardValue::Kind::kBare;
    put_comment(value, field.substr(slash));
    return value;
  }
  for (std::size_t i = 1; i < field.size(); ++i) {
    if (field[i] == '\'' && (i + 1 == field.size() || field[i + 1] != '\'')) {
      value.kind = CardValue::Kind::kText;
      put_comment(value, field.substr(i + 1));
      return value;
    }
    value.text += field[i];
    if (field[i] == '\'') ++i;
  }
  return {};  // the closing quote is missing
}

CardValue joined_value(Cards cards) {
  auto value = card_value(cards[0]);
  if (value.kind != CardValue::Kind::kText) return value;
  for (std::size_t i = 1; i < cards.size(); ++i) {
    const auto card = cards[i];
    const auto last = value.text.find_last_not_of(' ');
    const auto next = card_value(card);
    if (last == value.text.npos || value.text[last] != '&' || !is_continue(card) ||
        next.kind != CardValue::Kind::kText)
      break;
    value.text.resize(last);
    value.text += next.text;
    if (!next.comment.empty()) value.comment += (value.comment.empty() ? "" : " ") + next.comment;
  }
  return value;
}

std::string text_cards(std::string_view keyword, std::string_view value, std::string_view comment) {
  std::string rest = quoted(printable(value));
  auto head = prefix(keyword);
  std::string out;
  while (head.size() + rest.size() + 2 > kCardSize) {
    auto room = kCardSize - head.size() - 3;  // two quotes and '&'
    const auto quotes = rest.find_last_not_of('\'', room - 1);
    if ((room - 1 - (quotes == rest.npos ? -1 : quotes)) % 2) --room;  // never halve a ''
    out += finished(head + "'" + rest.substr(0, room) + "&'", "");
    rest.erase(0, room);
    head = "CONTINUE  ";
  }
  if (rest.size() < 8 && out.empty()) rest.resize(8, ' ');
  out += finished(head + "'" + rest + "'", comment);
  return out;
}

std::string bare_cards(std::string_view keyword, std::string_view value, std::string_view comment) {
  auto card = prefix(keyword);
  if (card.size() + value.size() < kFixedEnd) card.resize(kFixedEnd - value.size(), ' ');
  return finished(card.append(value), comment);
}

std::string fits_number_text(double value) {
  if (!std::isfinite(value)) return "";
  auto text = upper(number_text(value));
  if (text.find_first_of(".E") == text.npos) text += ".0";
  return text;
}

std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c < ' ' || c > '~') c = '?';
  return out;
}

}  // namespace recorte::fits
