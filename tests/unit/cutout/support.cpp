// SPDX-License-Identifier: BSD-3-Clause
#include "support.hpp"

#include <stdlib.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace recorte::cutout::test {
namespace {

/// Big-endian, whatever the machine is.
template <class T>
void put(std::string& out, double value) {
  const auto typed = static_cast<T>(value);
  char bytes[sizeof(T)];
  std::memcpy(bytes, &typed, sizeof typed);
  for (std::size_t i = sizeof(T); i > 0; --i) out += bytes[i - 1];
}

void put(std::string& out, int bitpix, double value) {
  switch (bitpix) {
    case 8: return put<std::uint8_t>(out, value);
    case 16: return put<std::int16_t>(out, value);
    case 32: return put<std::int32_t>(out, value);
    case 64: return put<std::int64_t>(out, value);
    case -32: return put<float>(out, value);
    default: return put<double>(out, value);
  }
}

std::string number(const char* key, double value) {
  char text[81];
  std::snprintf(text, sizeof text, "%-8s= %20.14G", key, value);
  return card(text);
}

void fill_block(std::string& out, char filler) {
  out.resize((out.size() + 2879) / 2880 * 2880, filler);
}

}  // namespace

TempDir::TempDir() {
  std::string name = (std::filesystem::temp_directory_path() / "recorte-cutout-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string card(std::string text) {
  text.resize(80, ' ');
  return text;
}

void write_picture(const std::filesystem::path& path, const Picture& p) {
  std::string out = card("SIMPLE  =                    T") + number("BITPIX", p.bitpix) +
                    number("NAXIS", p.planes > 1 ? 3 : 2) + number("NAXIS1", p.width) +
                    number("NAXIS2", p.height);
  if (p.planes > 1) out += number("NAXIS3", p.planes);
  if (p.wcs)
    out += card("CTYPE1  = 'RA---TAN'") + card("CTYPE2  = 'DEC--TAN'") + number("CRVAL1", p.ra) +
           number("CRVAL2", p.dec) + number("CRPIX1", (p.width + 1) / 2.) +
           number("CRPIX2", (p.height + 1) / 2.) + number("CD1_1", -1. / 3600) +
           number("CD2_2", 1. / 3600);
  for (const auto& text : p.cards) out += card(text);
  out += card("END");
  fill_block(out, ' ');
  for (int i = 0; i < p.width * p.height * p.planes; ++i)
    put(out, p.bitpix, p.pixels.empty() ? 0 : p.pixels.at(static_cast<std::size_t>(i)));
  fill_block(out, '\0');
  std::ofstream file(path, std::ios::binary);
  file << out;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace recorte::cutout::test
