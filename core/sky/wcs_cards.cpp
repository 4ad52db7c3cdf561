// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/wcs_cards.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <map>

namespace recorte::sky {
namespace {

constexpr std::size_t kCard = 80;

template <class Visit>
void each_card(std::string_view cards, Visit visit) {
  for (std::size_t at = 0; at < cards.size(); at += kCard) {
    const auto card = cards.substr(at, kCard);
    visit(card, trim(card.substr(0, std::min<std::size_t>(8, card.size()))));
  }
}

std::string_view value_text(std::string_view card) {
  if (card.size() < 10 || card[8] != '=') return {};
  auto value = card.substr(10);
  return trim(value.substr(0, value.find('/')));
}

/// A FITS real: Fortran's D exponent too.
std::optional<double> real(std::string_view card) {
  std::string text(value_text(card));
  std::replace(text.begin(), text.end(), 'D', 'E');
  return to_double(text);
}

/// A_ORDER, BP_DMAX, A_0_2, …
bool is_sip(std::string_view keyword) {
  if (keyword.empty() || (keyword[0] != 'A' && keyword[0] != 'B')) return false;
  keyword.remove_prefix(1);
  if (keyword.starts_with('P')) keyword.remove_prefix(1);
  if (keyword == "_ORDER" || keyword == "_DMAX") return true;
  const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  return keyword.size() == 4 && keyword[0] == '_' && digit(keyword[1]) && keyword[2] == '_' &&
         digit(keyword[3]);
}

bool is_table_distortion(std::string_view keyword) {
  return keyword.starts_with("CPDIS") || keyword.starts_with("CQDIS") ||
         keyword.starts_with("DP") || keyword.starts_with("DQ");
}

/// A string that its card does not close.
bool is_open(std::string_view card) {
  const auto field = trim(card.substr(10));
  if (!field.starts_with('\'')) return false;
  for (std::size_t i = 1; i < field.size(); ++i) {
    if (field[i] != '\'') continue;
    if (i + 1 == field.size() || field[i + 1] != '\'') return false;
    ++i;  // a quote within the string is written twice
  }
  return true;
}

/// What WCSLIB 7.12 cannot bear, wherever in a header it stands: keywords without a value, bytes
/// that are no text, strings without an end, and more axes than anything has.
bool harms_wcslib(std::string_view card, std::string_view keyword) {
  constexpr std::int64_t kMaxAxes = 99;
  if (card.size() < 10 || card[8] != '=') return true;
  if (std::any_of(card.begin(), card.end(), [](char c) { return c < ' ' || c > '~'; })) return true;
  if (keyword == "NAXIS" || keyword.starts_with("WCSAXES")) {
    const auto axes = to_int(value_text(card));
    if (!axes || *axes < 0 || *axes > kMaxAxes) return true;
  }
  return is_open(card);
}

}  // namespace

std::optional<SipCards> read_sip(std::string_view cards) {
  std::map<std::string, double, std::less<>> values;
  each_card(cards, [&](std::string_view card, std::string_view keyword) {
    if (!is_sip(keyword)) return;
    if (const auto value = real(card)) values.emplace(keyword, *value);
  });
  const auto polynomial = [&](const std::string& letter) {
    Sip::Polynomial p;
    const auto order = values.find(letter + "_ORDER");
    if (order == values.end() || !(order->second > 1 && order->second < 10)) return p;
    p.order = static_cast<int>(order->second);
    p.terms.resize((p.order + 1) * (p.order + 1));
    for (int i = 0; i <= p.order; ++i)
      for (int j = 0; i + j <= p.order; ++j) {
        const auto term = values.find(letter + "_" + std::to_string(i) + "_" + std::to_string(j));
        if (term != values.end()) p.terms[i * (p.order + 1) + j] = term->second;
      }
    return p;
  };
  SipCards sip{polynomial("A"), polynomial("B")};
  if (sip.a.order == 0 || sip.b.order == 0) return {};
  return sip;
}

std::string cards_for_wcslib(std::string_view cards) {
  bool tables = false;
  each_card(cards, [&](std::string_view card, std::string_view keyword) {
    const auto value = value_text(card);
    if (is_table_distortion(keyword) && equal_ignoring_case(value.substr(0, 7), "'lookup"))
      tables = true;
  });
  std::string out;
  out.reserve(cards.size());
  each_card(cards, [&](std::string_view card, std::string_view keyword) {
    if (is_sip(keyword) || (tables && is_table_distortion(keyword)) || harms_wcslib(card, keyword))
      return;
    out += card;
    out.resize((out.size() + kCard - 1) / kCard * kCard, ' ');
  });
  return out;
}

}  // namespace recorte::sky
