// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/reserved.hpp"

#include "core/fits/card.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace recorte::fits {
namespace {

/// Names of up to 8 characters, each as one number: a header has hundreds of cards, and every one
/// is asked about.
constexpr std::uint64_t word(std::string_view name) {
  std::uint64_t out = 0;
  for (const char c : name) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

template <std::size_t N>
constexpr std::array<std::uint64_t, N> words(const std::string_view (&names)[N]) {
  std::array<std::uint64_t, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = word(names[i]);
  return out;
}

template <std::size_t N>
bool any_of(const std::array<std::uint64_t, N>& names, std::string_view keyword) {
  return keyword.size() <= 8 && std::ranges::find(names, word(keyword)) != names.end();
}

// "NAXIS12" is NAXIS and a number.
std::string_view without_number(std::string_view keyword) {
  return keyword.substr(0, keyword.find_last_not_of("0123456789") + 1);
}

bool is_not_the_image_s(std::string_view keyword) {
  return is_structural(keyword) || is_table_keyword(keyword) || keyword == "ZBLANK" ||
         keyword == "ZSCALE" || keyword == "ZZERO";
}

}  // namespace

bool is_structural(std::string_view keyword) {
  constexpr std::string_view kFirst = "BCDEGINPSTXZ";
  if (keyword.empty() || kFirst.find(keyword[0]) == kFirst.npos) return false;
  static constexpr auto exact =
      words({"SIMPLE",  "XTENSION", "BITPIX",   "NAXIS",    "PCOUNT",   "GCOUNT",   "GROUPS",
             "EXTEND",  "CHECKSUM", "DATASUM",  "THEAP",    "INHERIT",  "ZIMAGE",   "ZCMPTYPE",
             "ZBITPIX", "ZNAXIS",   "ZSIMPLE",  "ZTENSION", "ZEXTEND",  "ZBLOCKED", "ZPCOUNT",
             "ZGCOUNT", "ZHECKSUM", "ZDATASUM", "ZQUANTIZ", "ZDITHER0", "ZMASKCMP", "ZTHEAP"});
  static constexpr auto numbered = words({"NAXIS", "ZNAXIS", "ZTILE", "ZNAME", "ZVAL"});
  const auto stem = without_number(keyword);
  return any_of(exact, keyword) || (stem.size() < keyword.size() && any_of(numbered, stem));
}

bool is_table_keyword(std::string_view keyword) {
  static constexpr auto numbered =
      words({"TTYPE", "TFORM", "TUNIT", "TDIM", "TNULL", "TSCAL", "TZERO", "TDISP"});
  const auto stem = without_number(keyword);
  return keyword == "TFIELDS" || (stem.size() < keyword.size() && any_of(numbered, stem));
}

Header without(const Header& header, bool (*drop)(std::string_view keyword)) {
  Header kept;
  bool dropping = false;
  for (const auto card : header.cards()) {
    if (const auto plain = Header::plain_keyword_of(card); !plain.empty() && !is_continue(card))
      dropping = drop(plain);
    else if (!is_continue(card))
      dropping = drop(Header::keyword_of(card));
    if (!dropping) kept.append(card);
  }
  return kept;
}

Header uncompressed_header(const Header& table) {
  Header image;
  const auto bitpix = table.integer("ZBITPIX").value_or(0);
  const auto naxis = table.integer("ZNAXIS").value_or(0);
  image.set_text("XTENSION", "IMAGE", "image extension");
  image.set_integer("BITPIX", bitpix, "number of bits per data pixel");
  image.set_integer("NAXIS", naxis, "number of data axes");
  for (std::int64_t i = 1; i <= naxis && i <= 999; ++i)
    image.set_integer("NAXIS" + std::to_string(i),
                      table.integer("ZNAXIS" + std::to_string(i)).value_or(0),
                      "length of data axis " + std::to_string(i));
  image.set_integer("PCOUNT", 0, "number of parameters");
  image.set_integer("GCOUNT", 1, "number of groups");
  auto rest = without(table, is_not_the_image_s);
  if (rest.text("EXTNAME") == "COMPRESSED_IMAGE") rest.erase("EXTNAME");
  if (const auto blank = table.integer("ZBLANK"); bitpix > 0 && blank && !rest.has("BLANK"))
    rest.set_integer("BLANK", *blank, "value of pixels without data");
  return Header::parse(image.joined() + rest.joined());
}

}  // namespace recorte::fits
