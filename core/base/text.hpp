/// Small, locale-free text helpers: splitting, trimming, exact number text, percent-encoding.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte {

std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
std::string upper(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
/// Splits at every `separator`; fields are trimmed, empty ones kept. "" gives no field.
std::vector<std::string> split(std::string_view text, char separator);
/// Splits at runs of blanks.
std::vector<std::string> split_blanks(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// The whole text as a number, surrounding blanks aside; nothing else counts ("1x", "" do not).
/// Reads "inf" and "nan" too: refuse them where they make no sense.
std::optional<double> to_double(std::string_view text);
std::optional<std::int64_t> to_int(std::string_view text);
/// The shortest text that reads back as the same double.
std::string number_text(double value);

/// RFC 3986 percent-encoding of everything but unreserved characters and ",:/" and blanks as "+".
std::string url_encode(std::string_view text);
/// The reverse; nullopt where an escape is broken.
std::optional<std::string> url_decode(std::string_view text);

/// Order of names with numbers in them: "r9" before "r10".
bool natural_less(std::string_view a, std::string_view b);
/// The candidates nearest to a misspelt word, for "did you mean"; empty where none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace recorte
