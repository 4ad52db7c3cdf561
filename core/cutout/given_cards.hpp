/// What an adapter knows of an image that the image's header lacks or has wrong.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/fits/header.hpp"

#include <string>
#include <utility>
#include <vector>

namespace recorte::cutout {

/// FITS cards: keyword, value as `put` takes it.
using Cards = std::vector<std::pair<std::string, std::string>>;

/// Puts a card that a plugin gave into the header. Its value is as FITS writes it: text in single
/// quotes, T or F, a number; what is none of these is text.
void put(const std::string& keyword, const std::string& value, fits::Header& header);

/// Puts the cards into the header, in the place of those of their keywords; where CTYPE1 is among
/// them, in the place of all that it says of where its pixels lie. kPlugin where one says how
/// pixels are stored, which only the file knows.
Status give(const Cards& cards, fits::Header& header);

}  // namespace recorte::cutout
